"""Employers say whom they would have for the places that they choose themselves."""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from microcities.access.answers import RefusedError, require
from microcities.people.models import Account
from microcities.summerjobs.draw_rules import may_rank
from microcities.summerjobs.models import Application, Post, Ranking
from microcities.trail.context import change


def candidates(post: Post) -> list[Application]:
    """Sent applications that wish for the post and that employers may read, by code: no order that says anything."""
    rows = Application.objects.sent().filter(wishes__post=post, shown_to_employers=True, person__birth_on__isnull=False)
    return list(rows.select_related("person").order_by("code"))


def rank_pupils(*, actor: Account, post: Post, ranks: Mapping[int, int]) -> list[Ranking]:
    """Set the whole ranking of a post: by number of the application its rank, from 1. Raises RefusedError."""
    if len(set(ranks.values())) < len(ranks):
        raise RefusedError(_("Two pupils have the same number. Give each a number of its own."))
    with change("summerjobs.rank_pupils", actor=actor):
        locked = Post.objects.select_for_update(of=("self",)).select_related("host__scheme").get(pk=post.pk)
        require(may_rank(actor, locked))
        known = {each.pk for each in candidates(locked)}
        if not set(ranks) <= known:
            raise RefusedError(_("A pupil has changed the wishes in the meantime. Open the page again."))
        locked.ranking.all().delete()
        order = sorted(ranks, key=lambda number: ranks[number])
        rows = [Ranking(post=locked, application_id=number, rank=rank) for rank, number in enumerate(order, start=1)]
        return [_saved(each) for each in rows]


def _saved(row: Ranking) -> Ranking:
    row.save()
    return row
