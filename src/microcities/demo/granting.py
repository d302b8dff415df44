"""The grant competition: applicants, their applications, and the grants, entered by the city as organisations' part in it."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from microcities.demo.bringing import PROJECT
from microcities.demo.foundations import Ground
from microcities.participation.actions.records import enrol_organisation, record_award
from microcities.people.actions.organisations import add_organisation

DECIDED_AFTER = timedelta(days=60)
APPLIED_AFTER = timedelta(days=14)


def hold_call(ground: Ground, grants: dict[str, Any]) -> None:
    """The call with its applicants in the order of the story; the first of them are supported with the amounts it names."""
    actor = ground.accounts[grants["reporter"]]
    fields = ("code", "name", "name_en", "starts_on", "ends_on", "source_url")
    activity = ground.add_activity(
        grants["partner"], grants["reporter"], kind="grant_call", **{name: grants[name] for name in fields}
    )
    for number, name in enumerate(grants["applicants"]):
        company = add_organisation(actor=actor, name=name, kind="company", place=grants["place"])
        record = enrol_organisation(
            actor=actor, activity=activity, organisation=company, applied_on=activity.starts_on + APPLIED_AFTER,
            proof_reference=grants["source_url"], fundings=(ground.fundings[PROJECT],),
        )
        if number < len(grants["amounts"]):
            record_award(
                actor=actor, record=record, awarded_on=activity.starts_on + DECIDED_AFTER,
                amount=Decimal(grants["amounts"][number]),
            )
