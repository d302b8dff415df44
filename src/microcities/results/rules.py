"""Who may do what with results and when, and whether an indicator's definition holds together."""

from typing import TYPE_CHECKING, Any

from django.utils.functional import Promise
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from microcities.access.answers import YES, Answer, Rule, no
from microcities.evidence.registry import REGISTRY, Measure, SubjectKind
from microcities.people.roles import Permission
from microcities.programme.models import Partner, Programme
from microcities.results.models import Counting, Indicator, Observation, Period, Report, ReportState

if TYPE_CHECKING:
    from microcities.people.models import Account

# From state to state, by verb: what may happen to a report. An approved report never changes; it is restated.
ALLOWED_CHANGES: dict[str, tuple[frozenset[str], str]] = {
    "submit": (frozenset({ReportState.DRAFT, ReportState.RETURNED}), ReportState.SUBMITTED),
    "return": (frozenset({ReportState.SUBMITTED}), ReportState.RETURNED),
    "approve": (frozenset({ReportState.SUBMITTED}), ReportState.APPROVED),
}
SUBJECT_OF = {
    Counting.DISTINCT_PEOPLE: SubjectKind.PERSON,
    Counting.DISTINCT_ORGANISATIONS: SubjectKind.ORGANISATION,
    Counting.EVENTS: SubjectKind.EVENT,
}


def _with(permission: Permission, reason: "str | Promise") -> Rule:
    def rule(account: "Account") -> Answer:
        return YES if account.is_authenticated and account.may(permission) else no(reason)

    rule.__name__ = f"may_{permission.value}"
    return rule


may_see_detail = _with(
    Permission.SEE_RESULTS_DETAIL,
    _("The records behind the figures are open to the programme's partners and auditors."),
)
may_edit_indicators = _with(
    Permission.EDIT_INDICATORS, _("Only the programme manager changes indicators and targets.")
)
may_record_observations = _with(
    Permission.RECORD_OBSERVATIONS, _("Outside figures are recorded by city coordinators and the programme manager.")
)
may_confirm_observations = _with(
    Permission.CONFIRM_OBSERVATIONS, _("Outside figures are confirmed by the programme manager.")
)
may_check_samples = _with(
    Permission.CONFIRM_RECORDS, _("Samples are drawn and checked by city coordinators and the programme manager.")
)
may_record_forecasts = _with(
    Permission.EDIT_INDICATORS, _("Forecasts are kept as decision files by the programme manager.")
)
may_approve_reports = _with(Permission.APPROVE_REPORTS, _("Only the programme manager returns and approves reports."))


def may_see_history(account: Any, row: Any) -> Answer:
    """The history of definitions, targets, periods and outside figures is open to whoever sees the records."""
    return may_see_detail(account)


def may_see_report_history(account: Any, row: Report) -> Answer:
    """The history of a report is open to whoever may see the report."""
    return may_see_report(account, row)


def may_see_frozen_history(account: Any, row: Any) -> Answer:
    """What reports froze and samples drew tells of all partners' people, however few."""
    return may_see_all_rows(account)


def may_record_or_confirm(account: "Account") -> Answer:
    """Whoever has anything to do with outside figures may see their list."""
    return may_record_observations(account) or may_confirm_observations(account) or may_see_detail(account)


def may_confirm(account: "Account", observation: Observation) -> Answer:
    """A second person confirms or refuses what the first recorded."""
    if not (answer := may_confirm_observations(account)):
        return answer
    if observation.confirmed_at or observation.rejected_at:
        return no(_("This outside figure has been decided on already."))
    if observation.recorded_by_id == account.pk:
        return no(_("You recorded this figure yourself. Somebody else has to confirm it."))
    return YES


def may_draft(account: "Account", period: Period, partner: Partner | None) -> Answer:
    """A partner's officer drafts the partner's report; the whole programme's is drafted by the lead or the manager."""
    if period.locked:
        return no(_("This period is locked. An approved report of it can still be restated."))
    return may_answer_for(account, period.programme, partner)


def may_answer_for(account: "Account", programme: Programme, partner: Partner | None) -> Answer:
    """Whether the account writes and submits this partner's reports; the whole programme's are the lead partner's."""
    organisations = account.organisation_ids(Permission.SUBMIT_REPORTS)
    if not organisations:
        return no(_("Reports are submitted by partners' reporting officers and city coordinators."))
    if partner is None:
        if not programme.partners.filter(is_lead=True, organisation_id__in=organisations).exists():
            return no(_("The report on the whole programme is the lead partner's."))
    elif partner.organisation_id not in organisations:
        return no(_("This is another partner's report."))
    return YES


def may_change_state(account: "Account", report: Report, verb: str) -> Answer:
    """Whether the account may submit, return or approve this report now."""
    from_states, _to = ALLOWED_CHANGES[verb]
    if report.state not in from_states:
        state = {"state": report.get_state_display()}
        return no(gettext("This report is “%(state)s”, so this cannot be done now.") % state)
    if verb == "submit":
        return may_answer_for(account, report.period.programme, report.partner)
    if not (answer := may_approve_reports(account)):
        return answer
    if verb == "approve" and report.submitted_by_id == account.pk:
        return no(_("You submitted this report yourself. Somebody else has to approve it."))
    return YES


def may_restate(account: "Account", report: Report) -> Answer:
    """An approved report that has not been restated yet may be restated, also after its period is locked."""
    if report.state != ReportState.APPROVED:
        return no(_("Only an approved report is restated. Change or return this one."))
    if Report.objects.filter(restates=report).exists():
        return no(_("This version has been restated already. Restate the newest version."))
    if may_approve_reports(account):
        return YES
    return may_answer_for(account, report.period.programme, report.partner)


def may_see_report(account: "Account", report: Report) -> Answer:
    """A report is seen by who answers for it, by that partner's staff, and by whoever may see everybody.

    The whole programme's tells of all partners' people: the other partners read what of it was published.
    """
    if not (answer := may_see_detail(account)):
        return answer
    if account.may(Permission.SEE_ALL_PEOPLE):
        return YES
    if report.partner is None:
        if may_answer_for(account, report.period.programme, None):
            return YES
        return no(_("The report on the whole programme is seen by the lead partner. What was published is under Results."))
    if report.partner.organisation_id in account.organisation_ids(Permission.SEE_RESULTS_DETAIL):
        return YES
    return no(_("This is another partner's report."))


def may_see_all_rows(account: "Account") -> Answer:
    """Whether frozen rows of all partners may be shown."""
    if account.may(Permission.SEE_ALL_PEOPLE) and account.may(Permission.SEE_RESULTS_DETAIL):
        return YES
    return no(_("Rows of other partners are not shown."))


def measures_fit(indicator: Indicator) -> Answer:
    """Whether what an indicator counts can be put together: one unit, one kind of subject, nothing named twice.

    Measures of services that are not in operation yet are not known, so they are judged when they are.
    """
    codes = [*indicator.measures, *indicator.denominator_measures]
    if len(set(codes)) != len(codes):
        return no(gettext("%(code)s names a measure twice.") % {"code": indicator.code})
    known = [REGISTRY.measures[code] for code in indicator.measures if code in REGISTRY.measures]
    below = [REGISTRY.measures[code] for code in indicator.denominator_measures if code in REGISTRY.measures]
    for group in (known, below):
        if len({(_english(measure), measure.subject_kind) for measure in group}) > 1:
            units = ", ".join(sorted(_english(measure) for measure in group))
            return no(gettext("%(code)s adds up different units: %(units)s.") % {"code": indicator.code, "units": units})
    wanted = SUBJECT_OF.get(Counting(indicator.counting))
    for measure in known if wanted else []:
        if measure.subject_kind != wanted or _english(measure) != indicator.unit_en:
            return no(
                gettext("%(code)s is counted in %(unit)s, but %(measure)s tells of %(other)s.") % {
                    "code": indicator.code, "unit": indicator.unit_en, "measure": measure.code,
                    "other": _english(measure),
                }
            )
    return YES


def _english(measure: Measure) -> str:
    with override("en"):
        return str(measure.unit)
