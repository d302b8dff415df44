"""Says in words who ran and settled a decision, by which rules and engine, and what came out otherwise."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from pydantic import ValidationError

from microcities.decisions.engine import Engine, EngineModel, UnknownEngineError, get_engine
from microcities.decisions.models import DecisionRun
from microcities.decisions.presentation import short
from microcities.decisions.rerun import Rerun
from microcities.decisions.trial import Trial
from microcities.people.models import Account
from microcities.rulebooks.reading import RuleUse
from microcities.rulebooks.registry import is_unchanged, registry
from microcities.ui.components import StatusKind, status

STATE_KINDS: dict[str, StatusKind] = {"proposed": "warning", "confirmed": "good", "discarded": "neutral"}


@dataclass(frozen=True, slots=True)
class RuleWords:
    """A recorded rulebook version: its title, where it can be read, whether it still says the same."""

    use: RuleUse
    title: str
    href: str
    unchanged: bool


@dataclass(frozen=True, slots=True)
class Who:
    """Names of who ran and who settled the decision; empty when nobody has yet."""

    ran: str
    settled: str


@dataclass(frozen=True, slots=True)
class DifferenceWords:
    """One difference: path, recorded and present value in one line each."""

    path: str
    recorded: str
    now: str


def state_of(run: DecisionRun) -> SafeString:
    """The state as a word with its icon."""
    return status(run.get_state_display(), STATE_KINDS[run.state])


def engine_of(run: DecisionRun) -> Engine | None:
    """The engine as it is today; None when it is no longer there."""
    try:
        return get_engine(run.engine)
    except UnknownEngineError:
        return None


def in_the_order_of_the_engine(run: DecisionRun) -> tuple[dict[str, Any], dict[str, Any]]:
    """Input and output with their fields as the engine's models have them; as stored where a model has changed."""
    engine = engine_of(run)
    if engine is None:
        return run.input, run.output
    return _ordered(engine.input_model, run.input_json, run.input), _ordered(
        engine.output_model, run.output_json, run.output
    )


def _ordered(model: type[EngineModel], text: str, stored: dict[str, Any]) -> dict[str, Any]:
    try:
        ordered = model.model_validate_json(text).model_dump(mode="json")
    except ValidationError:
        return stored
    return ordered if ordered == stored else stored


def rules_in_words(uses: Iterable[RuleUse]) -> list[RuleWords]:
    """Recorded rulebook versions with links to the pages of rules."""
    topics = registry().topics
    language = get_language() or "en"
    found = []
    for use in uses:
        topic = topics.get(use.topic)
        href = ""
        if topic:
            anchor = f"{use.topic}.{use.version}".replace(".", "-")
            href = f"{reverse('rulebooks:topic', args=[use.topic])}#{anchor}"
        title = topic.title.in_language(language) if topic else use.topic
        found.append(RuleWords(use, title, href, is_unchanged(use)))
    return found


def who(run: DecisionRun) -> Who:
    """Who ran the engine and who confirmed or discarded, by one query."""
    settled_by = run.confirmed_by_id or run.discarded_by_id
    numbers = {number for number in (run.run_by_id, settled_by) if number is not None}
    accounts = Account.objects.select_related("person").in_bulk(numbers)
    ran = _name(accounts, run.run_by_id) if run.run_by_id is not None else _system(run.run_by_system)
    return Who(ran=ran, settled=_name(accounts, settled_by) if settled_by is not None else "")


def differences_in_words(outcome: Rerun | Trial) -> list[DifferenceWords]:
    """The differences of a repeated run; none when there is nothing to compare."""
    found = outcome.comparison.differences if outcome.comparison else ()
    return [DifferenceWords(each.path, short(each.recorded), short(each.computed)) for each in found]


def _name(accounts: dict[int, Account], number: int) -> str:
    account = accounts.get(number)
    return account.name if account else _("an account that no longer exists")


def _system(part: str) -> str:
    return _("the platform (%(part)s)") % {"part": part}
