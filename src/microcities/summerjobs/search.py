"""Lets the search box find open summer posts."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from microcities.database.expressions import SearchKey
from microcities.database.finding import find
from microcities.programme.search import Found, searchable
from microcities.summerjobs.models import Post


@searchable("summerjobs.posts", _("Summer posts"), 29)
def posts(account: Any, text: str, limit: int) -> Iterable[Found]:
    """Posts of schemes that are not over, by name, for everybody."""
    seen = Post.objects.open().select_related("host__organisation", "period")
    for found in find(seen, SearchKey("name"), text, limit):
        yield Found(str(found), f"{found.host}, {found.period}", reverse("summerjobs:post", args=[found.pk]))
