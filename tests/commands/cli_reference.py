"""Writes docs/reference/cli.md from the commands themselves: `python -m tests.commands.cli_reference`.

A test compares the page with what this module would write.
"""

import argparse
import os
from pathlib import Path

import django
from django.core.management import get_commands, load_command_class
from django.core.management.base import BaseCommand

from microcities.cli import COMMANDS, DESCRIPTIONS, USAGE

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "cli.md"
HEAD = """\
# Commands

`microcities --help` prints this list, `microcities COMMAND --help` the options of one command.

```
{usage}```

Exit codes: 0 done, 1 not done or something found, 2 asked wrongly. Settings are environment variables: see the
[operator's guide](../guides/operator.md). This page is written from the commands by `python -m tests.commands.cli_reference`.
"""
ENGINE = """
## microcities engine

Algorithms without Django and without a database; JSON in, JSON out.

| words | what happens |
|---|---|
| `microcities engine list` | all engines, a line each |
| `microcities engine describe NAME` | source and JSON schema of one |
| `microcities engine run NAME < input.json` | runs it; `--seed N` sets the seed. A decision file is repeated and compared |

Wrong input: exit code 2 and a message with the path of the wrong value.
"""
# Every Django command has these; what they do is not ours to tell.
DJANGOS = {action.dest for action in BaseCommand().create_parser("microcities", "x")._actions}


def command_parser(name: str) -> argparse.ArgumentParser:
    """The parser of a command of ours by the words people type: `check trail`."""
    management = COMMANDS[name][0]
    app = get_commands()[management]
    command = app if isinstance(app, BaseCommand) else load_command_class(app, management)
    return command.create_parser("microcities", name)


def is_ours(name: str) -> bool:
    """False for commands that Django brings."""
    app = get_commands()[COMMANDS[name][0]]
    return not str(app).startswith("django.")


def section(name: str) -> str:
    """One command: what it does and, for ours, its arguments."""
    parser = command_parser(name)
    lines = [f"\n## microcities {name}\n", f"{parser.description}\n"]
    if not is_ours(name):
        return "\n".join([lines[0], DESCRIPTIONS[name], ""])
    rows = list(argument_rows(parser))
    if rows:
        lines += ["| argument | meaning |", "|---|---|", *rows, ""]
    return "\n".join(lines)


def argument_rows(parser: argparse.ArgumentParser, before: str = "") -> list[str]:
    """A table row for each argument and option, those of subcommands after their word."""
    rows: list[str] = []
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for word, below in action.choices.items():
                helps = {choice.dest: choice.help for choice in action._choices_actions}
                rows.append(f"| `{before}{word}` | {helps.get(word) or ''} |")
                rows += argument_rows(below, f"{before}{word} ")
        elif action.dest not in DJANGOS:
            name = ", ".join(action.option_strings) or str(action.metavar or action.dest).upper()
            value = "" if not action.option_strings or action.nargs == 0 else f" {_value(action)}"
            rows.append(f"| `{before}{name}{value}` | {action.help or ''}{_default(action)} |")
    return rows


def _value(action: argparse.Action) -> str:
    return "/".join(map(str, action.choices)) if action.choices else str(action.metavar or action.dest.upper())


def _default(action: argparse.Action) -> str:
    plain = action.default in (None, False) or action.default == [] or "default" in (action.help or "")
    return "" if plain else f" (default {action.default})"


def page() -> str:
    """The whole page."""
    return HEAD.format(usage=USAGE) + "".join(section(name) for name in COMMANDS) + ENGINE


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "microcities.settings")
    django.setup()
    PAGE.write_text(page(), encoding="utf-8")
