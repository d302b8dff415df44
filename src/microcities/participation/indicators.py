"""What results may count of activities and participations."""

from django.utils.translation import gettext_lazy as _

from microcities.evidence.registry import REGISTRY, Measure, Source, SubjectKind

PERSON, ORGANISATION = SubjectKind.PERSON, SubjectKind.ORGANISATION

# kind of activity, stage -> measure. A record counts once in a measure, on the day on which it reached the stage.
MEASURES = {
    ("career_support", "started"): Measure("careers.pupils", _("pupils in career support"), _("pupils"), PERSON),
    ("summer_job", "started"): Measure("summerjobs.pupils", _("pupils in summer jobs"), _("pupils"), PERSON),
    ("reskilling", "applied"): Measure("reskilling.applied", _("applied for retraining"), _("persons"), PERSON),
    ("reskilling", "started"): Measure("reskilling.started", _("started retraining"), _("persons"), PERSON),
    ("reskilling", "completed"): Measure("reskilling.completed", _("completed retraining"), _("persons"), PERSON),
    ("reskilling", "in_work"): Measure("reskilling.in_work", _("in ICT work after retraining"), _("persons"), PERSON),
    ("grant_call", "applied"): Measure(
        "grants.applied", _("applied for an innovation grant"), _("organisations"), ORGANISATION
    ),
    ("grant_call", "started"): Measure(
        "grants.supported", _("supported by an innovation grant"), _("organisations"), ORGANISATION
    ),
}

_VALUES = ", ".join(
    f"('{kind}', '{stage}', '{measure.code}')" for (kind, stage), measure in sorted(MEASURES.items())
)

# A merged person counts as the one it was merged into. A rejected record does not count. The age is that on the day.
QUERY = f"""
    SELECT m.code, p.id,
           CASE WHEN p.person_id IS NULL THEN 'organisation' ELSE 'person' END,
           coalesce(per.merged_into_id, p.person_id, p.organisation_id),
           reached.on_day, a.city_id, a.organisation_id,
           coalesce((SELECT array_agg(f.funding_source_id ORDER BY f.id)
                     FROM participation_participationfunding f WHERE f.participation_id = p.id), '{{}}'),
           coalesce(p.hours, 1), p.proof, p.verification, coalesce(per.sex, 'unknown'),
           extract(year FROM age(reached.on_day, per.birth_on))
    FROM participation_participation p
         JOIN participation_activity a ON a.id = p.activity_id
         JOIN (VALUES {_VALUES}) AS m (kind, stage, code) ON m.kind = a.kind
         CROSS JOIN LATERAL (SELECT CASE m.stage
             WHEN 'applied' THEN p.applied_on WHEN 'started' THEN p.started_on
             WHEN 'completed' THEN p.completed_on WHEN 'in_work' THEN p.in_work_on END) AS reached (on_day)
         LEFT JOIN people_person per ON per.id = p.person_id
    WHERE reached.on_day IS NOT NULL AND p.verification <> 'rejected'
"""  # noqa: S608  (the pieces are constants of this module)

REGISTRY.offer(
    Source(
        name="participation",
        record="participation.Participation",
        measures=tuple(MEASURES.values()),
        query=QUERY,
        depends={
            "participation_participation": "SELECT id FROM changed",
            "participation_participationfunding": "SELECT participation_id FROM changed",
            "participation_activity":
                "SELECT p.id FROM participation_participation p JOIN changed c ON p.activity_id = c.id",
            "people_person":
                "SELECT p.id FROM participation_participation p JOIN changed c ON p.person_id = c.id",
        },
    )
)
