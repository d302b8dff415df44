"""Opening, publishing and closing a city's summer scheme, its periods and its money."""

from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from microcities.access.answers import RefusedError, require
from microcities.people.models import Account, Organisation
from microcities.programme.models import City, FundingSource, Programme
from microcities.summerjobs.letters import people_of, tell
from microcities.summerjobs.models import Placement, SchemeFund, SubProgramme, SummerPeriod, SummerScheme
from microcities.summerjobs.rules import may_run_for, runs_scheme
from microcities.trail.context import change


def open_scheme(
    *, actor: Account, organisation: Organisation, programme: Programme, city: City, **fields: Any
) -> SummerScheme:
    """A scheme by a version of the rulebook: its sub-programmes and those of its periods whose days are known come with it.

    Raises RefusedError; django's ValidationError for wrong fields.
    """
    require(may_run_for(actor, organisation))
    found = SummerScheme(organisation=organisation, programme=programme, city=city, **fields)
    found.full_clean()
    with change("summerjobs.open_scheme", actor=actor):
        found.save()
        for each in found.rules.programmes:
            SubProgramme.objects.create(scheme=found, code=each.code, name=each.name.lv, name_en=each.name.en)
        for period in found.rules.periods:
            if period.first_on and period.last_on:
                SummerPeriod.objects.create(
                    scheme=found, code=period.code, name=period.name.lv, name_en=period.name.en, first_on=period.first_on,
                    last_on=period.last_on,
                )
    return found


def change_scheme(*, actor: Account, scheme: SummerScheme, **fields: Any) -> SummerScheme:
    """Change names and windows; rules, year and city stay. Raises RefusedError, ValidationError."""
    if fields.keys() & {"rules_version", "organisation", "organisation_id", "city", "city_id", "programme", "year"}:
        raise ValueError("a scheme keeps its rules, year, city and organisation")
    with change("summerjobs.change_scheme", actor=actor):
        locked = _locked(actor, scheme)
        if "most_wishes" in fields and fields["most_wishes"] < locked.most_wishes and locked.applications.exists():
            raise ValidationError({"most_wishes": _("Pupils have applied with more wishes. There cannot be fewer.")})
        for name, value in fields.items():
            setattr(locked, name, value)
        locked.full_clean()
        locked.save()
    return locked


def set_period(
    *, actor: Account, scheme: SummerScheme, code: str, name: str, name_en: str, first_on: Any, last_on: Any
) -> SummerPeriod:
    """Add a period, or change the one of that code as long as nobody is placed in it. Raises RefusedError, ValidationError."""
    with change("summerjobs.set_period", actor=actor):
        locked = _locked(actor, scheme)
        found = SummerPeriod.objects.filter(scheme=locked, code=code).first() or SummerPeriod(scheme=locked, code=code)
        moved = found.pk and (found.first_on, found.last_on) != (first_on, last_on)
        if moved and found.posts.filter(placements__isnull=False).exists():
            raise ValidationError({"first_on": _("Pupils are placed in this period. Its days stay as they are.")})
        found.name, found.name_en, found.first_on, found.last_on = name, name_en, first_on, last_on
        if last_on < first_on:
            raise ValidationError({"last_on": _("The last day comes before the first. Choose a later one.")})
        found.full_clean()
        found.save()
    return found


def call_off_period(*, actor: Account, period: SummerPeriod, reason: str) -> SummerPeriod:
    """The period does not take place: its posts are given to nobody, and their employers are told. Raises RefusedError."""
    if not reason.strip():
        raise RefusedError(_("Give the reason. Employers and pupils read it."))
    with change("summerjobs.call_off_period", actor=actor, reason=reason.strip()):
        scheme = _locked(actor, period.scheme)
        locked = SummerPeriod.objects.select_for_update().get(pk=period.pk)
        if locked.called_off:
            raise RefusedError(_("The period is called off already."))
        if Placement.objects.filter(post__period=locked).live().exists():
            raise RefusedError(_("Pupils are placed in this period. End their placements first, each with its reason."))
        locked.called_off = reason.strip()
        locked.save(update_fields=["called_off"])
        for host in scheme.hosts.filter(posts__period=locked).distinct():
            tell(
                people_of(host.organisation_id), key=f"period.called_off:{locked.pk}",
                subject=gettext_noop("Called off: %(name)s"), name=f"{scheme}, {locked}",
                what=gettext_lazy("A period of the summer scheme does not take place."), details=[locked.called_off],
                url=("host", host.pk),
            )
    return locked


def set_fund(
    *, actor: Account, scheme: SummerScheme, code: str, source: FundingSource, budget: Decimal | None,
    subsidy_account: str = "", supervisor_account: str = "",
) -> SchemeFund:
    """Say which source of money stands behind a code of the rules, and what it may spend. Raises RefusedError."""
    if code not in {each.code for each in scheme.rules.funding}:
        raise ValueError(f"the rules of {scheme.pk} know no source {code!r}")
    with change("summerjobs.set_fund", actor=actor):
        locked = _locked(actor, scheme)
        found = SchemeFund.objects.filter(scheme=locked, code=code).first() or SchemeFund(scheme=locked, code=code)
        found.source, found.budget = source, budget
        found.subsidy_account, found.supervisor_account = subsidy_account, supervisor_account
        found.full_clean()
        found.save()
    return found


def publish_scheme(*, actor: Account, scheme: SummerScheme) -> SummerScheme:
    """Everybody sees it from now on. It needs a period and a source of money. Raises RefusedError."""
    with change("summerjobs.publish_scheme", actor=actor):
        locked = _locked(actor, scheme)
        if locked.published_at is not None:
            raise RefusedError(_("The scheme is published already."))
        if not locked.periods.exists() or not locked.funds.exists():
            raise RefusedError(_("A scheme needs a period and a source of money. Add what is missing."))
        locked.published_at = timezone.now()
        locked.save(update_fields=["published_at"])
    return locked


def close_scheme(*, actor: Account, scheme: SummerScheme) -> SummerScheme:
    """The summer is over and accounted for; nothing in it changes any more. Raises RefusedError."""
    with change("summerjobs.close_scheme", actor=actor):
        locked = _locked(actor, scheme)
        if locked.published_at is None:
            raise RefusedError(_("A scheme that was never published is not closed."))
        locked.closed_at = timezone.now()
        locked.save(update_fields=["closed_at"])
    return locked


def _locked(actor: Account, scheme: SummerScheme) -> SummerScheme:
    locked = SummerScheme.objects.select_for_update().get(pk=scheme.pk)
    require(runs_scheme(actor, locked))
    if locked.closed_at is not None:
        raise RefusedError(_("The scheme is closed. Nothing in it changes any more."))
    return locked
