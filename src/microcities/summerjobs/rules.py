"""Who runs a summer scheme, who answers for an employer, whose child it is; and the table of allowed changes of state."""

from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from microcities.access.answers import YES, Answer, no
from microcities.people.models import Organisation
from microcities.people.roles import Permission
from microcities.summerjobs.models import HostState, Placement, Post, SubProgramme, SummerHost, SummerScheme
from microcities.summerjobs.queries import firms, own_and_wards, runs

# By verb: the states of a post from which it may happen.
POST_CHANGES: dict[str, frozenset[str]] = {
    "change": frozenset({"draft", "offered", "approved", "returned"}),
    "offer": frozenset({"draft", "returned"}),
    "approve": frozenset({"offered"}),
    "return": frozenset({"offered", "approved"}),
    "withdraw": frozenset({"draft", "offered", "approved", "returned"}),
}
# By verb: the states of a placement from which it may happen.
PLACEMENT_CHANGES: dict[str, frozenset[str]] = {
    "accept": frozenset({"offered"}),
    "decline": frozenset({"offered"}),
    "lapse": frozenset({"offered"}),
    "withdraw": frozenset({"offered", "accepted"}),
    "end_early": frozenset({"accepted"}),
    "complete": frozenset({"accepted"}),
}
# By verb: the states of a claim from which it may happen.
CLAIM_CHANGES: dict[str, frozenset[str]] = {
    "change": frozenset({"draft", "returned"}),
    "submit": frozenset({"draft", "returned"}),
    "return": frozenset({"submitted"}),
    "approve": frozenset({"submitted"}),
    "pay": frozenset({"approved"}),
    "withdraw": frozenset({"draft", "submitted", "returned"}),
}


def may_run_summer(account: Any) -> Answer:
    """Whoever runs summer schemes of some city."""
    if account.is_authenticated and account.may(Permission.MANAGE_SUMMER):
        return YES
    return no(_("Summer schemes are run by the city's coordinators."))


def may_run_for(account: Any, organisation: Organisation) -> Answer:
    """Whoever runs the schemes of this organisation."""
    if account.is_authenticated and organisation.pk in runs(account):
        return YES
    return no(_("You do not run the summer schemes of this organisation."))


def may_see_summer(account: Any) -> Answer:
    """Whoever runs schemes, and whoever sees everybody: the auditor, the programme's manager."""
    if account.is_authenticated and (account.may(Permission.MANAGE_SUMMER) or account.may(Permission.SEE_ALL_PEOPLE)):
        return YES
    return no(_("Only the city's coordinators and auditors see this."))


def may_offer_posts(account: Any) -> Answer:
    """People of employers."""
    if account.is_authenticated and account.may(Permission.OFFER_SUMMER_POSTS):
        return YES
    return no(_("Summer posts are offered by people of employers."))


def may_see_two_sides(account: Any) -> Answer:
    """Both sides of a post: the employer's people and the city's."""
    return YES if may_see_summer(account) or may_offer_posts(account) else may_offer_posts(account)


def runs_scheme(account: Any, scheme: SummerScheme) -> Answer:
    """Whoever runs this very scheme; nobody else, whatever the role."""
    if account.is_authenticated and scheme.organisation_id in runs(account):
        return YES
    return no(_("This scheme is run by another organisation."))


def may_open_desk(account: Any, scheme: SummerScheme) -> Answer:
    """Whoever runs this scheme, and whoever reads everything."""
    if account.is_authenticated and account.may(Permission.SEE_ALL_PEOPLE):
        return YES
    return runs_scheme(account, scheme)


def answers_for(account: Any, host: SummerHost) -> Answer:
    """Whoever answers for this very employer."""
    if account.is_authenticated and host.organisation_id in firms(account):
        return YES
    return no(_("Only people of this employer may do that."))


def own_or_wards(account: Any, person_id: int) -> Answer:
    """The pupil, and today's guardian of a pupil under age."""
    if account.is_authenticated and person_id in own_and_wards(account):
        return YES
    return no(_("Only the pupil or the guardian may do that."))


def is_open(scheme: SummerScheme) -> Answer:
    """Published and not closed."""
    if scheme.published_at is None:
        return no(_("The scheme is not published yet. Publish it first."))
    return YES if scheme.closed_at is None else no(_("The scheme is closed. Nothing in it changes any more."))


def takes_posts(scheme: SummerScheme, on: date | None = None) -> Answer:
    """Whether employers may offer posts today."""
    if scheme.takes_posts_on(on or timezone.localdate()):
        return YES
    return no(_("Employers cannot offer posts on this day. The days stand on the page of the scheme."))


def takes_applications(scheme: SummerScheme, on: date | None = None) -> Answer:
    """Whether pupils may apply today."""
    if scheme.takes_applications_on(on or timezone.localdate()):
        return YES
    return no(_("Pupils cannot apply on this day. The days stand on the page of the scheme."))


def may_change_state(table: dict[str, frozenset[str]], verb: str, row: Post | Placement | Any) -> Answer:
    """Whether a verb may happen to a row in its present state, by one of the tables above."""
    if row.state in table[verb]:
        return YES
    return no(_("This has been done already, or it is too late for it. Open the page again to see how it stands."))


def may_decide_host(account: Any, host: SummerHost) -> Answer:
    """Who runs the scheme, about an employer that waits or was decided on before, never about its own firm."""
    if not (answer := runs_scheme(account, host.scheme)):
        return answer
    if host.organisation_id in firms(account):
        return no(_("You answer for this employer yourself. Somebody else has to decide."))
    return no(_("The employer has withdrawn.")) if host.state == HostState.WITHDRAWN else is_open(host.scheme)


def may_offer_here(host: SummerHost, programme: SubProgramme) -> Answer:
    """Whether employers of this kind offer posts in a sub-programme."""
    rules = host.scheme.rules.programme(programme.code)
    if rules is None or host.kind not in rules.hosts:
        return no(_("This sub-programme is for other kinds of employers. Choose another one."))
    return YES if host.state != HostState.WITHDRAWN else no(_("The employer has withdrawn. Take part again first."))
