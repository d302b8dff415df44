"""Who may bring lists, enter, confirm and see participations, and which changes of state there are."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from microcities.access.answers import YES, Answer, Rule, no
from microcities.participation.models import (
    Activity,
    ActivityKind,
    ListImport,
    ListState,
    Participation,
    SummerTie,
    Verification,
)
from microcities.people.roles import Permission
from microcities.programme.models import Programme
from microcities.summerjobs.models import SummerScheme

if TYPE_CHECKING:
    from microcities.people.models import Account, Organisation

# From state to state, by verb: what may happen to a list.
ALLOWED_CHANGES: dict[str, tuple[frozenset[str], str]] = {
    "match": (frozenset({ListState.UPLOADED}), ListState.CHECKING),
    "check": (frozenset({ListState.UPLOADED}), ListState.CHECKING),
    "apply": (frozenset({ListState.CHECKED}), ListState.APPLYING),
    "undo": (frozenset({ListState.APPLIED}), ListState.UNDOING),
    "discard": (frozenset({ListState.UPLOADED, ListState.CHECKED, ListState.FAILED}), ListState.DISCARDED),
}
WORKING = frozenset({ListState.CHECKING, ListState.APPLYING, ListState.UNDOING})

# Higher apps say which records may not be taken back (those of a frozen report): f(numbers) -> a reason, or nothing.
Keeper = Callable[[Sequence[int]], "str | Promise"]
_keepers: dict[str, Keeper] = {}


def keeps_records(key: str) -> Callable[[Keeper], Keeper]:
    """Register `f(participation numbers) -> reason or ""` under a stable key: records that may not be taken back."""

    def register(asked: Keeper) -> Keeper:
        _keepers[key] = asked
        return asked

    return register


def may_take_back_records(numbers: Sequence[int]) -> Answer:
    """Whether these participations, or what a list changed in them, may be taken back as a whole."""
    for asked in _keepers.values():
        if reason := asked(numbers):
            return no(reason)
    return YES


def _with(permission: Permission, reason: "str | Promise") -> Rule:
    def rule(account: "Account") -> Answer:
        return YES if account.is_authenticated and account.may(permission) else no(reason)

    rule.__name__ = f"may_{permission.value}"
    return rule


may_bring_lists = _with(
    Permission.IMPORT_LISTS, _("Lists are brought by partners' reporting officers and city coordinators.")
)
may_change_own_people = _with(
    Permission.CHANGE_OWN_PEOPLE, _("Participants are entered by the partners' staff.")
)
may_confirm_records = _with(
    Permission.CONFIRM_RECORDS, _("Records are confirmed by city coordinators and the programme manager.")
)


def may_see_lists(account: "Account") -> Answer:
    """Whoever brings lists, and whoever may see everybody."""
    if account.is_authenticated and account.may(Permission.SEE_ALL_PEOPLE):
        return YES
    return may_bring_lists(account)


def may_see_records(account: "Account") -> Answer:
    """Everybody with an account, each the records they may see; the query decides which."""
    return YES if account.is_authenticated else no(_("Sign in first."))


def may_see_participants(account: Any, activity: Activity) -> Answer:
    """Who took part in an activity is seen by the organisation that runs it and by whoever may see everybody."""
    if account.is_authenticated and account.may(Permission.SEE_ALL_PEOPLE):
        return YES
    own = account.organisation_ids(Permission.SEE_OWN_PEOPLE) if account.is_authenticated else []
    return YES if activity.organisation_id in own else no(_("This activity is run by another organisation."))


def may_bring_list_for(account: "Account", activity: Activity) -> Answer:
    """Lists are brought for activities of the own organisation, and of people only."""
    if activity.organisation_id not in account.organisation_ids(Permission.IMPORT_LISTS):
        return no(_("This activity is run by another organisation. Choose one of yours."))
    if activity.kind == ActivityKind.GRANT_CALL:
        return no(_("Organisations take part in a grant call. Lists of people do not fit it."))
    return YES


def may_change_list(account: "Account", the_list: ListImport, verb: str) -> Answer:
    """Whether the account may do this with the list now."""
    if the_list.organisation_id not in account.organisation_ids(Permission.IMPORT_LISTS):
        return no(_("This is another organisation's list."))
    if the_list.state not in ALLOWED_CHANGES[verb][0]:
        return no(_now("The list is “%(state)s”, so this cannot be done now.") % {"state": the_list.get_state_display()})
    if verb == "apply" and the_list.refused:
        return no(_("Some rows are refused. Correct them in the file and bring it again: a list is applied whole."))
    if verb == "apply" and the_list.rows_total == the_list.outcomes.get("unchanged", 0):
        return no(_("Everything in the list is there already. There is nothing to apply."))
    return YES


def may_add_activity(account: "Account", programme: Programme, organisation: "Organisation") -> Answer:
    """Activities are added by the partner that runs them, or by the programme manager for any partner."""
    if not programme.partners.filter(organisation=organisation).exists():
        return no(_("Only a partner of the programme runs its activities."))
    own = organisation.pk in account.organisation_ids(Permission.IMPORT_LISTS)
    if own or account.may(Permission.EDIT_INDICATORS):
        return YES
    return no(_("Activities are added by the partner that runs them and by the programme manager."))


def may_add_activities(account: Any) -> Answer:
    """Rule of the pages on which activities are added and changed; which ones is decided for each."""
    may = account.is_authenticated and (account.may(Permission.IMPORT_LISTS) or account.may(Permission.EDIT_INDICATORS))
    return YES if may else no(_("Activities are kept by the partners that run them and by the programme manager."))


def may_change_activity(account: Any, activity: Activity) -> Answer:
    """Activities are changed by the partner that runs them and by the programme manager."""
    if not (answer := may_add_activities(account)):
        return answer
    if activity.organisation_id in account.organisation_ids(Permission.IMPORT_LISTS):
        return YES
    if account.may(Permission.EDIT_INDICATORS):
        return YES
    return no(_("This activity is run by another organisation."))


def may_enter_for(account: "Account", activity: Activity) -> Answer:
    """Participants are entered by the organisation that runs the activity."""
    if activity.organisation_id not in account.organisation_ids(Permission.CHANGE_OWN_PEOPLE):
        return no(_("This activity is run by another organisation."))
    return YES


def may_enter_organisation(account: "Account", activity: Activity) -> Answer:
    """Organisations are entered into grant calls; in everything else people take part."""
    if activity.kind != ActivityKind.GRANT_CALL:
        return no(_("People take part in this activity. Organisations are entered into grant calls."))
    return may_enter_for(account, activity)


def may_change_record(account: "Account", record: Participation) -> Answer:
    """A record is changed by the organisation that runs its activity."""
    return may_enter_for(account, record.activity)


def may_confirm(account: "Account", record: Participation) -> Answer:
    """A second person of the same organisation, or of the programme, confirms or rejects what the first brought."""
    if record.verification != Verification.UNVERIFIED:
        return no(_("This record has been decided on already."))
    if answer := may_confirm_records_of(account, record.activity.organisation_id):
        own = record.brought_by_id == account.pk
        return no(_("You brought this record yourself. Somebody else has to confirm it.")) if own else YES
    return answer


def may_reject(account: "Account", record: Participation) -> Answer:
    """A second person rejects a record found wrong, also one that was confirmed: what is false must not go on counting."""
    if record.verification == Verification.REJECTED:
        return no(_("This record has been rejected already."))
    if answer := may_confirm_records_of(account, record.activity.organisation_id):
        own = record.brought_by_id == account.pk
        return no(_("You brought this record yourself. Somebody else has to reject it.")) if own else YES
    return answer


def may_confirm_records_of(account: "Account", organisation_id: int) -> Answer:
    """Whether the account confirms records of this organisation's activities."""
    if not (answer := may_confirm_records(account)):
        return answer
    own = organisation_id in account.organisation_ids(Permission.CONFIRM_RECORDS)
    return YES if own or account.may(Permission.SEE_ALL_PEOPLE) else no(_("This is another organisation's record."))


def may_tie_summer(account: Any, activity: Activity, scheme: SummerScheme) -> Answer:
    """Who keeps the activity ties it to a scheme of the same programme; either has one tie at most."""
    if activity.kind != ActivityKind.SUMMER_JOB:
        return no(_("Only an activity of summer employment is tied to a scheme."))
    if scheme.programme_id != activity.programme_id or scheme.city_id != activity.city_id:
        return no(_("The scheme is of another programme or city. Choose one of this activity's city."))
    taken = SummerTie.objects.filter(activity=activity).exclude(scheme=scheme)
    if taken.exists() or SummerTie.objects.filter(scheme=scheme).exclude(activity=activity).exists():
        return no(_("One of them is tied already. An activity accounts for one scheme, and a scheme in one activity."))
    return may_change_activity(account, activity)
