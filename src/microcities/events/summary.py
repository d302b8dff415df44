"""What people thought of an event, told so that no answer can be tied to a person: nothing below five answers."""

from collections import Counter
from dataclasses import dataclass

from microcities.events.models import Audience, Event, Feedback

FEWEST = 5


@dataclass(frozen=True)
class Summary:
    """Answers to an event. `shown` false: fewer than FEWEST, so only that is said."""

    shown: bool
    answers: int = 0
    mean: float | None = None
    stars: tuple[tuple[int, int], ...] = ()
    learnt: int = 0
    asked: int = 0
    groups: tuple[tuple[str, int, float], ...] = ()
    words: tuple[str, ...] = ()


def summary_of(event: Event) -> Summary:
    """The summary of an event. Groups are told only when each has FEWEST: a hidden one could be worked out from the rest.

    Words stand in the order of their drawn keys, not in that of answering.
    """
    rows = list(Feedback.objects.filter(event=event).order_by("pk").values_list("group", "useful", "learnt", "words"))
    if len(rows) < FEWEST:
        return Summary(shown=False)
    marks = Counter(useful for _group, useful, _learnt, _words in rows)
    said = [learnt for _group, _useful, learnt, _words in rows if learnt is not None]
    by_group: dict[str, list[int]] = {}
    for group, useful, _learnt, _words in rows:
        by_group.setdefault(group, []).append(useful)
    told = all(len(each) >= FEWEST for each in by_group.values())
    return Summary(
        shown=True, answers=len(rows), mean=sum(useful for _g, useful, _l, _w in rows) / len(rows),
        stars=tuple((mark, marks[mark]) for mark in range(5, 0, -1)),
        learnt=sum(said) if len(said) >= FEWEST else 0, asked=len(said) if len(said) >= FEWEST else 0,
        groups=tuple((str(Audience(key).label), len(each), sum(each) / len(each)) for key, each in sorted(by_group.items()))
        if told and len(by_group) > 1 else (),
        words=tuple(words for _g, _u, _l, words in rows if words),
    )
