"""A draw's result as people read it: the place under each code, and for every wish why it came true or not."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from microcities.summerjobs.draw_input import post_code, post_number
from microcities.summerjobs.models import Application, Draw, Post

Json = dict[str, Any]
# By the code with which a post was closed in the draw; other codes are the law's limits of hours.
CLOSED: dict[str, str | Promise] = {
    "no_birth_date": gettext_lazy("closed: the date of birth is not known"),
    "too_young": gettext_lazy("closed: too young for it"),
    "too_old": gettext_lazy("closed: too old for it"),
    "residence_unknown": gettext_lazy("closed: the declared residence is not known"),
    "residence_elsewhere": gettext_lazy("closed: the declared residence is in another municipality"),
    "declared_day_unknown": gettext_lazy("closed: the day of declaring the residence is not known"),
    "declared_too_late": gettext_lazy("closed: the residence was declared too late"),
    "no_school": gettext_lazy("closed: no school is named"),
    "school_elsewhere": gettext_lazy("closed: the school is in another municipality"),
    "level_not_included": gettext_lazy("closed: for other levels of education"),
    "not_in_group": gettext_lazy("closed: for other groups of pupils"),
    "post_age": gettext_lazy("closed: the employer takes another age"),
    "not_light_work": gettext_lazy("closed: by law only light work of the Cabinet's list is allowed at this age"),
    "night": gettext_lazy("closed: the work goes on into hours that the law calls night at this age"),
    "weekend": gettext_lazy("closed: by law no work at the weekend at this age"),
}
HOURS = gettext_lazy("closed: the hours are longer than the law allows at this age")
FULL: dict[str, str | Promise] = {
    "supervisor": gettext_lazy("the supervisor takes no more pupils at that time"),
    "employer": gettext_lazy("the employer takes no more pupils"),
    "fund": gettext_lazy("the money for these places is used up"),
}
WHY_NOT: dict[str, str | Promise] = {
    "crossing_limits": gettext_lazy("limits of supervisors, employers and money cross one another"),
    "unequal_costs": gettext_lazy("places paid from the same money cost differently"),
    "short_lists": gettext_lazy("some pupils have named as many posts as they may, so a sure one had to be among them"),
    "refill": gettext_lazy("places given in an earlier round were not free to be asked for"),
}
FAULTS: dict[str, str | Promise] = {
    "over_limit": gettext_lazy("more pupils than a limit allows"),
    "closed_post": gettext_lazy("a closed post was given"),
    "not_wished": gettext_lazy("a post was given that was not wished for"),
    "wasted": gettext_lazy("a place stays free for which somebody waits"),
    "envy": gettext_lazy("somebody with a weaker claim has the place"),
}


@dataclass(frozen=True)
class WishLine:
    """One wish: the post, its words, whether it came true, and the place in the waiting list (None where there is none)."""

    post: str
    words: str
    came_true: bool
    waits_as: int | None = None


@dataclass(frozen=True)
class Line:
    """One code: its number by lot, the place if any, the wish that came true (from 1), and every wish down to it."""

    code: str
    number: int
    place: str
    rank: int | None
    wishes: tuple[WishLine, ...]

    @property
    def why(self) -> str:
        """Every wish that did not come true with its reason, in one text."""
        return "; ".join(f"{each.post}: {each.words}" for each in self.wishes if not each.came_true)


class Story:
    """Reads the output of one draw; asks once for the names of posts."""

    def __init__(self, draw: Draw) -> None:
        if draw.run is None:
            raise ValueError("a draw is read after it has run")
        self.draw, self.output = draw, draw.run.output

    @cached_property
    def names(self) -> dict[Any, str]:
        """By the code of a post: the work and its employer."""
        codes = [each["post"] for each in self.output["posts"]]
        rows = Post.objects.filter(pk__in=[post_number(code) for code in codes]).select_related("host__organisation", "period")
        return {post_code(each.pk): f"{each}, {each.host}, {each.period}" for each in rows}

    @cached_property
    def waiting(self) -> dict[tuple[str, str], int]:
        """By post and pupil: the place in the waiting list, from 1."""
        return {
            (post["post"], pupil): place
            for post in self.output["posts"] for place, pupil in enumerate(post["waiting"], start=1)
        }

    def lines(self) -> list[Line]:
        """One line for each code, by lot."""
        return [self._line(each) for each in self.output["answers"]]

    def line_of(self, code: str) -> Line | None:
        """The line of a code; None for one that was not in the draw."""
        return next((self._line(each) for each in self.output["answers"] if each["pupil"] == code), None)

    def _line(self, answer: Json) -> Line:
        place = str(self.names.get(answer["post"], answer["post"])) if answer["post"] else ""
        wishes = tuple(self._wish(answer["pupil"], each) for each in answer["wishes"])
        return Line(answer["pupil"], answer["number"], place, answer["rank"], wishes)

    def _wish(self, pupil: str, wish: Json) -> WishLine:
        name, came_true = str(self.names.get(wish["post"], wish["post"])), wish["outcome"] in {"placed", "held"}
        waits_as = None if came_true else self.waiting.get((wish["post"], pupil))
        return WishLine(name, wish_words(wish), came_true, waits_as)

    def promise(self) -> list[str]:
        """Why it is not promised that true wishes were best for everybody; nothing where it is."""
        return [str(WHY_NOT[code]) for code in self.output["guarantee"]["why_not"]]

    def objections(self) -> list[str]:
        """What the certificate has against the result, in words; nothing where it is stable."""
        return [
            f"{FAULTS[each['fault']]}: {each['pupil']}, {self.names.get(each['post'], each['post'])}"
            for each in self.output["certificate"]["exceptions"]
        ]

    def groups(self, names: Iterable[tuple[str, str]]) -> list[tuple[str, int, int]]:
        """By group: its name, how many of it have a place, and how many there are."""
        words = dict(names)
        return [
            (words.get(code, code), placed, every)
            for code, (placed, every) in self.output["figures"]["by_group"].items()
        ]


def wish_words(wish: Json) -> str:
    """What became of a wish, by the engine's answer."""
    if wish["outcome"] == "placed":
        return _("given")
    if wish["outcome"] == "held":
        return _("given in an earlier round")
    if wish["outcome"] == "closed":
        return str(CLOSED.get(wish["reason"], HOURS))
    what = str(FULL.get(wish["limit"], _("all places are taken")))
    if wish["last_number"] is None:
        return what
    return _("%(what)s; the last number admitted is %(last)s") % {"what": what, "last": wish["last_number"]}


def result_of(application: Application) -> Line | None:
    """What the latest published draw says of an application; None before there is one, or when it was in none."""
    for draw in application.scheme.draws.published().select_related("run").order_by("-number"):
        if line := Story(draw).line_of(application.code):
            return line
    return None


def says_of_pupils(draw: Draw) -> bool:
    """Whether the input says of a code which group it belongs to, or how an employer ranked it: that is not for everybody."""
    data = json.loads(draw.frozen_input)
    return any(each["groups"] for each in data["pupils"]) or any(each["ranking"] for each in data["posts"])
