"""Builds what a draw of summer places is given from a scheme's rows: codes and numbers, nobody's name."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from fractions import Fraction
from math import ceil
from typing import Any

from microcities.rulebooks.place import here
from microcities.rulebooks.registry import NoRuleInForceError, rule
from microcities.summerjobs.ages import allowed_minutes
from microcities.summerjobs.application_rules import counts_in_draw
from microcities.summerjobs.eligible import Openness, closed_for_draw
from microcities.summerjobs.engines.claim_input import WorkingTime
from microcities.summerjobs.engines.claim_money import working_days
from microcities.summerjobs.models import Application, Placement, PlacementState, Post, SummerScheme
from microcities.summerjobs.rulebook.money_values import EmployerContribution, MinimumWage
from microcities.summerjobs.supervision import most_pupils
from microcities.summerjobs.working_days import Law, working_dates

ENGINE = "summerjobs.placement"
MINUTES_OF_HOUR, LEAST_DAYS_LEFT = 60, 5
GAVE_UP = (
    PlacementState.DECLINED, PlacementState.LAPSED, PlacementState.WITHDRAWN, PlacementState.DROPPED_OUT,
    PlacementState.COMPLETED,
)
Json = dict[str, Any]


def post_code(number: int) -> str:
    """How a post is called in a draw."""
    return f"post-{number}"


def post_number(code: str) -> int:
    """The post of a code."""
    return int(code.removeprefix("post-"))


def draw_input(scheme: SummerScheme, today: date) -> Json:
    """The engine's input without the seed. Lots depend on the scheme and the pupil's code: every round has the same.

    Live placements are held. Who gave a place up, or has worked, does not come back by itself. A post of which fewer than five
    working days are left is given to nobody new.
    """
    openness = Openness(scheme)
    live = list(Placement.objects.live().filter(post__host__scheme=scheme).select_related("application"))
    held = {each.application_id: each for each in live}
    taken: dict[int, int] = defaultdict(int)
    for each in live:
        taken[each.post_id] += 1
    posts = _posts(scheme, taken, today)
    rules = scheme.rules
    groups = list(dict.fromkeys([*(each.code for each in rules.reserves), *(each.code for each in rules.priority)]))
    pupils = [
        _pupil(each, openness, {post.pk for post, _places in posts}, held.get(each.pk))
        for each in _applications(scheme, openness.law, set(held))
    ]
    codes = {each["id"] for each in pupils}
    _keep_mutual(pupils)
    return {
        "draw": f"summer scheme {scheme.pk}",
        "periods": [
            {"id": each.code, "first_on": each.first_on.isoformat(), "last_on": each.last_on.isoformat()}
            for each in scheme.periods.all() if not each.called_off
        ],
        "employers": [
            {"id": f"host-{each.pk}", "most": each.most_pupils} for each in scheme.hosts.filter(state="approved").order_by("pk")
        ],
        "supervisors": _supervisors(scheme, [post for post, _places in posts]),
        "funds": [
            {"id": each.code, "budget_cents": each.budget_cents} for each in scheme.funds.all() if each.budget_cents is not None
        ],
        "posts": [_post(post, places, openness.law, codes, groups) for post, places in posts],
        "groups": groups, "pupils": pupils, "most_wishes": scheme.most_wishes,
    }


def _posts(scheme: SummerScheme, taken: dict[int, int], today: date) -> list[tuple[Post, int]]:
    """Posts with the places that a draw may give: all of them, or as many as are taken when it is too late for more."""
    rows = Post.objects.open().filter(host__scheme=scheme, host__state="approved")
    related = ("host__scheme", "period__scheme", "fund", "supervisor", "programme")
    found = []
    for post in rows.select_related(*related).prefetch_related("reserves", "ranking__application").order_by("pk"):
        days_left = sum(day > today for day in working_dates(post.period, post.work_days))
        places = post.places if days_left >= min(LEAST_DAYS_LEFT, post.work_days) else taken[post.pk]
        if places:
            found.append((post, places))
    return found


def _applications(scheme: SummerScheme, law: Law, held: set[int]) -> list[Application]:
    rows = Application.objects.sent().filter(scheme=scheme).select_related("person", "school", "scheme__city")
    gave_up = set(
        Placement.objects.filter(post__host__scheme=scheme, state__in=GAVE_UP).values_list("application_id", flat=True)
    )
    parts = ("wishes__post__period", "wishes__post__programme", "groups", "guardian_words")
    return [
        each for each in rows.prefetch_related(*parts).order_by("code")
        if each.pk in held or (each.pk not in gave_up and counts_in_draw(each, law))
    ]


def _supervisors(scheme: SummerScheme, posts: Iterable[Post]) -> list[Json]:
    most = most_pupils(scheme)
    found = {post.supervisor_id: post.host_id for post in posts if post.supervisor_id is not None}
    return [{"id": f"supervisor-{key}", "employer": f"host-{host}", "most": most} for key, host in sorted(found.items())]


def _post(post: Post, places: int, law: Law, codes: set[str], groups: list[str]) -> Json:
    full = places == post.places
    fund = post.fund if post.fund is not None and post.fund.budget_cents is not None else None
    return {
        "id": post_code(post.pk), "employer": f"host-{post.host_id}", "period": post.period.code, "places": places,
        "supervisor": f"supervisor-{post.supervisor_id}" if post.supervisor_id is not None else None,
        "fund": fund.code if fund else None, "cost_cents": place_cost(post, law) if fund else 0, "stem": post.is_stem,
        "reserved": [
            {"group": each.group, "places": each.places} for each in post.reserves.all() if full and each.group in groups
        ],
        "chosen": post.chosen_places if full else 0,
        "ranking": [
            each.application.code for each in post.ranking.all()
            if each.application.code in codes and each.application.shown_to_employers
        ],
    }


def _pupil(application: Application, openness: Openness, posts: set[int], held: Placement | None) -> Json:
    wishes = [each.post for each in sorted(application.wishes.all(), key=lambda each: each.rank) if each.post_id in posts]
    proved = [each.group for each in application.groups.all() if each.seen_on is not None]
    first = {each.code for each in openness.scheme.rules.priority}
    found: Json = {
        "id": application.code, "wishes": [post_code(each.pk) for each in wishes], "groups": sorted(proved),
        "tier": 0 if not first or first & set(proved) else 1,
        "closed": closed_for_draw(openness, application, wishes) if held is None else [],
        "together": application.together_with or None,
    }
    if held is not None:
        found["held"] = {"post": post_code(held.post_id), "slot": held.slot}
    return found


def _keep_mutual(pupils: list[Json]) -> None:
    """One lot only for two who name each other; the lesser code is the name of the pair."""
    named = {each["id"]: each["together"] for each in pupils}
    for each in pupils:
        friend = each["together"]
        each["together"] = min(each["id"], friend) if friend and named.get(friend) == each["id"] else None


def place_cost(post: Post, law: Law) -> int:
    """What one place takes from its fund at most, in euro cents, rounded up: at the age that costs most.

    The pay of all planned minutes by the minimum wage of the period's first month (or the post's higher wage where the
    employer's cost is the basis), with the employer's contributions in that case, times the fund's share, and the
    supervisor's grant. Nothing where the wage of those days is not in the rulebook yet.
    """
    rules = next((each for each in post.host.scheme.rules.funding if post.fund and each.code == post.fund.code), None)
    try:
        wage = rule(MinimumWage, on=post.period.first_on, territory=here()).values
        contribution = rule(EmployerContribution, on=post.period.first_on, territory=here()).values
    except NoRuleInForceError:
        return 0
    share = rules.share_for(disability=False) if rules else None
    if rules is None or share is None:
        return 0
    days = working_days(post.period.first_on, WorkingTime())
    on_cost = rules.basis == "cost"
    most = Fraction(0)
    for each in allowed_minutes(post, law):
        pay = wage.hourly_cents(days, each.age) * Fraction(each.minutes, MINUTES_OF_HOUR)
        if on_cost and post.monthly_wage is not None:
            pay *= max(Fraction(1), Fraction(int(post.monthly_wage * 100), wage.monthly_cents))
        if on_cost:
            pay *= 1 + Fraction(contribution.per_ten_thousand, 10_000)
        most = max(most, pay)
    supervision = post.host.scheme.rules.supervision
    grant = Fraction(supervision.grant) * wage.monthly_cents if supervision else Fraction(0)
    return ceil(most * share + grant)
