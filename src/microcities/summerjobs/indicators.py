"""What results may count of summer employment: pupils who applied, who worked and for how many hours, and their employers.

A pupil counts from the first day on which work was noted. The quantity of work is hours: the sum of all minutes worked, so
that heads and hours stay two units of the same rows (`engines/summer_results.py` turns hours into full-time equivalents).
"""

from django.utils.translation import gettext_lazy as _

from microcities.evidence.registry import REGISTRY, Measure, Source, SubjectKind

APPLIED = Measure("summerjobs.applied", _("pupils who applied for summer work"), _("pupils"), SubjectKind.PERSON)
WORKED = Measure("summerjobs.worked", _("pupils who worked in a summer post"), _("pupils"), SubjectKind.PERSON)
STEM_WORKED = Measure("summerjobs.worked_stem", _("pupils who worked in a STEM post"), _("pupils"), SubjectKind.PERSON)
HOSTS = Measure("summerjobs.hosts", _("employers with pupils at work"), _("employers"), SubjectKind.ORGANISATION)

APPLICATIONS = f"""
    SELECT '{APPLIED.code}', a.id, 'person', coalesce(per.merged_into_id, a.person_id),
           (a.submitted_at AT TIME ZONE 'Europe/Riga')::date, s.city_id, s.organisation_id, '{{}}'::bigint[], 1, 'measurement',
           'unverified', coalesce(per.sex, 'unknown'),
           extract(year FROM age((a.submitted_at AT TIME ZONE 'Europe/Riga')::date, per.birth_on))
    FROM summerjobs_application a
         JOIN summerjobs_summerscheme s ON s.id = a.scheme_id
         JOIN people_person per ON per.id = a.person_id
    WHERE a.submitted_at IS NOT NULL
"""  # noqa: S608  (the pieces are constants of this app)

# The employer's record of hours is what proves the work; once the city has decided a claim for it, a second person has looked.
WORK = f"""
    SELECT m.code, p.id, m.subject, CASE m.subject WHEN 'person' THEN coalesce(per.merged_into_id, p.person_id)
                                                   ELSE h.organisation_id END,
           w.first_on, s.city_id, s.organisation_id,
           CASE WHEN f.source_id IS NULL THEN '{{}}'::bigint[] ELSE ARRAY[f.source_id] END,
           round(w.minutes / 60.0, 2), 'confirmation',
           CASE WHEN EXISTS (SELECT FROM summerjobs_claimline l WHERE l.placement_id = p.id) THEN 'confirmed'
                ELSE 'unverified' END,
           CASE m.subject WHEN 'person' THEN coalesce(per.sex, 'unknown') ELSE 'unknown' END,
           CASE m.subject WHEN 'person' THEN extract(year FROM age(w.first_on, per.birth_on)) END
    FROM summerjobs_placement p
         JOIN summerjobs_post o ON o.id = p.post_id
         JOIN summerjobs_summerhost h ON h.id = o.host_id
         JOIN summerjobs_summerscheme s ON s.id = h.scheme_id
         LEFT JOIN summerjobs_schemefund f ON f.id = o.fund_id
         JOIN people_person per ON per.id = p.person_id
         JOIN (SELECT placement_id, min("on") AS first_on, sum(worked_minutes) AS minutes FROM summerjobs_workday
               WHERE worked_minutes > 0 GROUP BY placement_id) w ON w.placement_id = p.id
         JOIN (VALUES ('{WORKED.code}', 'person', false), ('{STEM_WORKED.code}', 'person', true),
                      ('{HOSTS.code}', 'organisation', false)) AS m (code, subject, stem) ON o.is_stem OR NOT m.stem
"""  # noqa: S608  (the pieces are constants of this app)

REGISTRY.offer(
    Source(
        name="summer_applications",
        record="summerjobs.Application",
        measures=(APPLIED,),
        query=APPLICATIONS,
        depends={
            "summerjobs_application": "SELECT id FROM changed",
            "summerjobs_summerscheme":
                "SELECT a.id FROM summerjobs_application a JOIN changed c ON a.scheme_id = c.id",
            "people_person": "SELECT a.id FROM summerjobs_application a JOIN changed c ON a.person_id = c.id",
        },
    )
)
REGISTRY.offer(
    Source(
        name="summer_work",
        record="summerjobs.Placement",
        measures=(WORKED, STEM_WORKED, HOSTS),
        query=WORK,
        depends={
            "summerjobs_placement": "SELECT id FROM changed",
            "summerjobs_workday": "SELECT placement_id FROM changed",
            "summerjobs_claimline": "SELECT placement_id FROM changed",
            "summerjobs_post": "SELECT p.id FROM summerjobs_placement p JOIN changed c ON p.post_id = c.id",
            "summerjobs_summerhost":
                "SELECT p.id FROM summerjobs_placement p JOIN summerjobs_post o ON o.id = p.post_id "
                "JOIN changed c ON o.host_id = c.id",
            "summerjobs_summerscheme":
                "SELECT p.id FROM summerjobs_placement p JOIN summerjobs_post o ON o.id = p.post_id "
                "JOIN summerjobs_summerhost h ON h.id = o.host_id JOIN changed c ON h.scheme_id = c.id",
            "summerjobs_schemefund":
                "SELECT p.id FROM summerjobs_placement p JOIN summerjobs_post o ON o.id = p.post_id "
                "JOIN changed c ON o.fund_id = c.id",
            "people_person": "SELECT p.id FROM summerjobs_placement p JOIN changed c ON p.person_id = c.id",
        },
    )
)
