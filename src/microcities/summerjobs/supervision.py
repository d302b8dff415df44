"""How many pupils a supervisor would have at the same time."""

from dataclasses import dataclass

from django.db.models import Q

from microcities.summerjobs.models import Post, PostState, SummerScheme

USUAL_MOST = 10


@dataclass(frozen=True)
class Over:
    """So many pupils at a time, where so many are the most."""

    count: int
    most: int


def most_pupils(scheme: SummerScheme) -> int:
    """Pupils whom one supervisor may have at a time; ten, as in the national scheme, where the scheme's rules are silent."""
    return scheme.rules.supervision.most_pupils if scheme.rules.supervision else USUAL_MOST


def too_many(post: Post) -> Over | None:
    """None when the post's supervisor, with all approved posts and this one, has on no day more pupils than the rules allow."""
    period, most = post.period, most_pupils(post.host.scheme)
    others = Post.objects.filter(supervisor=post.supervisor, state=PostState.APPROVED).exclude(pk=post.pk).filter(
        Q(period__first_on__lte=period.last_on), Q(period__last_on__gte=period.first_on), period__called_off="",
    )
    beside = list(others.values_list("period__first_on", "period__last_on", "places"))
    # The sum changes only on a first day; the busiest day is one of them.
    days = {period.first_on, *(first for first, _last, _places in beside if first >= period.first_on)}
    count = max(post.places + sum(places for first, last, places in beside if first <= day <= last) for day in days)
    return Over(count, most) if count > most else None
