"""Indicators, targets and outside figures: loading the definition, revising, recording, confirming."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.translation import gettext as _

from microcities.access.answers import RefusedError, require
from microcities.people.models import Account
from microcities.programme.models import City, Partner, Programme
from microcities.results.definition.reading import Definition, IndicatorEntry
from microcities.results.models import Counting, ExposureUnit, Indicator, Observation, Target
from microcities.results.rules import may_confirm, may_edit_indicators, may_record_observations, measures_fit
from microcities.trail.context import Actor, change

# The lists of seasons a definition may name, and in what a forecast then counts time.
UNITS = {"months": ExposureUnit.MONTHS, "summers": ExposureUnit.SEASONS, "school_years": ExposureUnit.SCHOOL_YEARS,
         "calls": ExposureUnit.CALLS}


def load_definition(*, actor: Actor, programme: Programme, definition: Definition) -> list[Indicator]:
    """Create or correct a programme's indicators from its definition; returns them in order.

    A decided target is never overwritten: the file's target is taken only where an indicator has none yet.
    RefusedError when a definition adds up different units.
    """
    partners = {partner.organisation.name: partner for partner in programme.partners.select_related("organisation")}
    loaded = []
    with change("results.load_definition", actor=actor, reason=definition.promise.source):
        for order, entry in enumerate(definition.indicator, start=1):
            values = _values(entry, definition, partners.get(entry.responsible), order)
            require(measures_fit(Indicator(programme=programme, code=entry.code, **values)))
            indicator, _is_new = Indicator.objects.update_or_create(
                programme=programme, code=entry.code, defaults=values
            )
            if not indicator.targets.exists():
                Target.objects.create(
                    indicator=indicator, value=entry.target, due_on=entry.due_on or definition.promise.due_on,
                    decided_on=definition.promise.decided_on, source=definition.promise.source,
                    decided_by_id=actor.pk,
                )
            loaded.append(indicator)
    return loaded


def _values(entry: IndicatorEntry, definition: Definition, partner: Partner | None, order: int) -> dict[str, Any]:
    same = ("name", "name_en", "definition", "definition_en", "unit", "unit_en", "direction", "counting",
            "source_service", "empty_means", "over_time", "over_cities", "counts_from")
    values: dict[str, Any] = {name: getattr(entry, name) for name in same}
    baseline = entry.baseline
    return values | {
        "measures": list(entry.measures),
        "denominator_measures": list(entry.denominator_measures),
        "common_codes": list(entry.common_codes),
        "baseline_value": baseline.value if baseline else None,
        "baseline_on": baseline.on if baseline else None,
        "baseline_source": baseline.source if baseline else "",
        "exposure_unit": UNITS[entry.exposure],
        "seasons": [season.model_dump(mode="json") for season in definition.seasons.get(entry.exposure, ())],
        "responsible": partner,
        "order": order,
        "is_public": entry.public,
    }


def revise_target(
    *,
    actor: Account,
    indicator: Indicator,
    value: Decimal | None,
    due_on: date,
    decided_on: date,
    reason: str,
    source: str,
) -> Target:
    """Decide another target; the former one stays on record. RefusedError without a reason or out of order."""
    require(may_edit_indicators(actor))
    if not reason.strip():
        raise RefusedError(_("A revised target needs its reason."))
    if indicator.is_share and value is not None and value > 1:
        raise RefusedError(_("A share is at most 1. Write 9% as 0.09."))
    with change("results.revise_target", actor=actor, reason=reason):
        Indicator.objects.select_for_update().get(pk=indicator.pk)  # two revisions at once come one after the other
        former = indicator.targets.filter(superseded_by__isnull=True).first()
        if former is not None and decided_on < former.decided_on:
            raise RefusedError(_("The target in force was decided later than that day. Correct the date."))
        return Target.objects.create(
            indicator=indicator, value=value, due_on=due_on, decided_on=decided_on,
            reason=reason if former is not None else "", source=source, supersedes=former, decided_by_id=actor.pk,
        )


def record_observation(
    *,
    actor: Account,
    indicator: Indicator,
    on: date,
    document_title: str,
    city: City | None = None,
    value: Decimal | None = None,
    numerator: Decimal | None = None,
    denominator: Decimal | None = None,
    document_on: date | None = None,
    url: str = "",
    file: UploadedFile | None = None,
    note: str = "",
) -> Observation:
    """Record an outside figure; it counts once a second person has confirmed it.

    A share needs numerator and denominator, anything else a value. RefusedError says what is missing.
    """
    require(may_record_observations(actor))
    _check_observation(indicator, value, numerator, denominator)
    if on > timezone.localdate():
        raise RefusedError(_("That day has not come yet. A figure is recorded when its source has given it."))
    if not url and not file:
        raise RefusedError(_("Give the address of the document or the document itself."))
    with change("results.record_observation", actor=actor):
        return Observation.objects.create(
            indicator=indicator, city=city, on=on, value=value, numerator=numerator, denominator=denominator,
            document_title=document_title, document_on=document_on, url=url, file=file or "", note=note,
            recorded_by_id=actor.pk,
        )


def _check_observation(
    indicator: Indicator, value: Decimal | None, numerator: Decimal | None, denominator: Decimal | None
) -> None:
    if not indicator.is_outside:
        raise RefusedError(_("This indicator is counted from records. Nobody types its total."))
    if indicator.is_share:
        if numerator is None or denominator is None:
            raise RefusedError(_("A share needs its numerator and its denominator, not a percentage."))
        if not 0 <= numerator <= denominator or denominator == 0:
            raise RefusedError(_("The numerator lies between 0 and the denominator, which is above 0."))
    elif value is None or value < 0:
        raise RefusedError(_("The value is missing or below zero."))
    elif indicator.counting == Counting.RANK and (value < 1 or value != int(value)):
        raise RefusedError(_("A place is a whole number from 1 up."))
    elif indicator.counting == Counting.YES_NO and value not in (0, 1):
        raise RefusedError(_("Write 1 for yes and 0 for no."))


def confirm_observation(*, actor: Account, observation: Observation) -> Observation:
    """Confirm an outside figure that somebody else recorded; an earlier one of the same day and city is withdrawn."""
    with change("results.confirm_observation", actor=actor):
        observation = Observation.objects.select_for_update().get(pk=observation.pk)
        require(may_confirm(actor, observation))
        Observation.objects.confirmed().filter(
            indicator=observation.indicator_id, city=observation.city, on=observation.on
        ).update(rejected_by_id=actor.pk, rejected_at=timezone.now())
        observation.confirmed_by_id, observation.confirmed_at = actor.pk, timezone.now()
        observation.save(update_fields=["confirmed_by_id", "confirmed_at"])
    return observation


def reject_observation(*, actor: Account, observation: Observation, reason: str) -> Observation:
    """Refuse an outside figure that somebody else recorded; it stays on record and does not count."""
    if not reason.strip():
        raise RefusedError(_("Say why the figure is refused."))
    with change("results.reject_observation", actor=actor, reason=reason):
        observation = Observation.objects.select_for_update().get(pk=observation.pk)
        require(may_confirm(actor, observation))
        observation.rejected_by_id, observation.rejected_at = actor.pk, timezone.now()
        observation.save(update_fields=["rejected_by_id", "rejected_at"])
    return observation
