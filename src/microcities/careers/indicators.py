"""What results may count of career support: people with an attended, counted activity, and talks held."""

from django.utils.translation import gettext_lazy as _

from microcities.careers.models import ASKS_REFLECTION, CHECKS
from microcities.evidence.registry import REGISTRY, Measure, Source, SubjectKind

ATTENDED = Measure(
    "careers.attended", _("pupils with an attended, counted career activity"), _("pupils"), SubjectKind.PERSON
)
GUIDED = Measure("careers.guided", _("people with a guidance talk held"), _("persons"), SubjectKind.PERSON)

# An encounter counts when all that its kind asks for is answered with yes; the table is that of the model.
_COUNTED = " OR ".join(
    f"(e.kind = '{kind}'{''.join(f' AND e.{check}' for check in checks)}"
    f"{' AND a.reflection_done' if kind in ASKS_REFLECTION else ''})"
    for kind, checks in CHECKS.items() if kind != "guardian_lmi"
)
ENCOUNTERS = f"""
    SELECT '{ATTENDED.code}', a.id, 'person', coalesce(per.merged_into_id, a.person_id), e.held_on, s.city_id,
           s.organisation_id, CASE WHEN ev.funding_source_id IS NULL THEN '{{}}' ELSE ARRAY[ev.funding_source_id] END,
           coalesce(a.hours, e.hours), CASE WHEN e.event_id IS NULL THEN 'list' ELSE 'measurement' END, 'unverified',
           coalesce(per.sex, 'unknown'), extract(year FROM age(e.held_on, per.birth_on))
    FROM careers_encounterattendance a
         JOIN careers_encounter e ON e.id = a.encounter_id
         JOIN careers_school s ON s.id = e.school_id
         JOIN people_person per ON per.id = a.person_id
         LEFT JOIN events_event ev ON ev.id = e.event_id
    WHERE a.presence = 'attended' AND ({_COUNTED})
"""  # noqa: S608  (the pieces are constants of this app)
OF_ENCOUNTERS = "SELECT a.id FROM careers_encounterattendance a JOIN changed c ON a.encounter_id = c.id"

# A talk lies in the city of the school, or of the programme's partner that gives guidance.
TALKS = f"""
    SELECT '{GUIDED.code}', t.id, 'person', coalesce(per.merged_into_id, t.person_id), t.held_on,
           coalesce(s.city_id, (SELECT p.city_id FROM programme_partner p WHERE p.organisation_id = t.organisation_id
                                AND p.programme_id = t.programme_id ORDER BY p.id LIMIT 1)),
           t.organisation_id, '{{}}'::bigint[], 1, 'document', 'unverified', coalesce(per.sex, 'unknown'),
           extract(year FROM age(t.held_on, per.birth_on))
    FROM careers_guidancetalk t
         LEFT JOIN careers_school s ON s.organisation_id = t.organisation_id
         JOIN people_person per ON per.id = t.person_id
    WHERE t.held_on IS NOT NULL
"""  # noqa: S608  (the pieces are constants of this app)

REGISTRY.offer(
    Source(
        name="careers_encounters",
        record="careers.EncounterAttendance",
        measures=(ATTENDED,),
        query=ENCOUNTERS,
        depends={
            "careers_encounterattendance": "SELECT id FROM changed",
            "careers_encounter": OF_ENCOUNTERS,
            "careers_school":
                "SELECT a.id FROM careers_encounterattendance a JOIN careers_encounter e ON e.id = a.encounter_id "
                "JOIN changed c ON e.school_id = c.id",
            "events_event":
                "SELECT a.id FROM careers_encounterattendance a JOIN careers_encounter e ON e.id = a.encounter_id "
                "JOIN changed c ON e.event_id = c.id",
            "people_person": "SELECT a.id FROM careers_encounterattendance a JOIN changed c ON a.person_id = c.id",
        },
    )
)
REGISTRY.offer(
    Source(
        name="careers_talks",
        record="careers.GuidanceTalk",
        measures=(GUIDED,),
        query=TALKS,
        depends={
            "careers_guidancetalk": "SELECT id FROM changed",
            "careers_school":
                "SELECT t.id FROM careers_guidancetalk t JOIN changed c ON t.organisation_id = c.organisation_id",
            "programme_partner":
                "SELECT t.id FROM careers_guidancetalk t JOIN changed c ON t.organisation_id = c.organisation_id",
            "people_person": "SELECT t.id FROM careers_guidancetalk t JOIN changed c ON t.person_id = c.id",
        },
    )
)
