"""The command `microcities`: every way to run the platform from a terminal.

Engines run without Django and without a database. Everything else is a Django management command of the app it belongs to;
this file only names them, starts the database and hands over.
"""

import argparse
import difflib
import os
import signal
import sys
from typing import Any

from microcities import __version__
from microcities.database.errors import DatabaseProblemError
from microcities.database.settings import prepare
from microcities.database.vigil import PARENT, end_with
from microcities.decisions import engine_cli
from microcities.people.providers import ProviderFileError

USAGE = """\
microcities: the platform for a city's jobs-and-skills programme

  demo [--port N] [--scale N] [--no-serve]   the demo programme, running
  serve [--host H] [--port N]                the web server
  worker                                     background work
  migrate                                    bring the database up to date
  init FILE.toml                             set up an own programme
  check [trail | evidence | reports]         configuration; chain of history; figures against records; fingerprints
  import KIND FILE [options]                 bring a list
  export person ID | results                 a person's own data, or all results, as JSON
  engine list | describe NAME | run NAME     algorithms, without a database
  backup FILE | restore FILE                 the whole installation in one file
  erase PERSON --reason TEXT [--yes]         make a person unreadable

Each command tells its options with --help. Without DATABASE_URL an own PostgreSQL is started below MICROCITIES_DATA.
"""
# command of ours -> (management command, kind of process)
COMMANDS = {
    "demo": ("demo", "command"),
    "serve": ("serve", "serve"),
    "worker": ("worker", "worker"),
    "migrate": ("migrate", "command"),
    "init": ("init_programme", "command"),
    "check": ("check", "command"),
    "check trail": ("check_trail", "command"),
    "check evidence": ("check_evidence", "command"),
    "check reports": ("check_reports", "command"),
    "import": ("import_list", "command"),
    "export": ("export_data", "command"),
    "backup": ("backup", "command"),
    "restore": ("restore", "command"),
    "erase": ("erase_person", "command"),
}


# What Django says of its own commands speaks of Django.
DESCRIPTIONS = {
    "migrate": "Brings the database up to date with this release. It may be run again at any time.",
    "check": "Checks the configuration; with --deploy also what an installation on the public network needs.",
}
DJANGO_OPTIONS = {
    "version", "verbosity", "settings", "pythonpath", "traceback", "no_color", "force_color", "skip_checks",
}  # fmt: skip
# Of what Django's own commands take, this is what an operator needs to know of.
SHOWN = {"migrate": {"help", "plan", "check_unapplied"}, "check": {"help", "deploy", "databases", "fail_level"}}
# As shells count: 128 and the number of the signal.
INTERRUPTED, BROKEN_PIPE = 130, 141


def main(arguments: list[str] | None = None) -> int:
    """Run one command; returns the exit code: 0 done, 1 not done, 2 asked wrongly."""
    try:
        code = run(sys.argv[1:] if arguments is None else arguments)
        sys.stdout.flush()
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever read our output has enough (`| head`); nothing more may be flushed there when Python ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return BROKEN_PIPE
    return code


def run(words: list[str]) -> int:
    """Find the command and hand over to it."""
    if words[:1] == ["help"] and len(words) > 1:
        words = [*words[1:], "--help"]
    if not words or words[0] in {"-h", "--help", "help"}:
        print(USAGE, file=sys.stdout if words else sys.stderr)
        return 0 if words else 2
    if words[0] == "--version":
        print(__version__)
        return 0
    if words[0] == "engine":
        return run_engine(words[1:])
    two = " ".join(words[:2])
    name, rest = (two, words[2:]) if two in COMMANDS else (words[0], words[1:])
    if name not in COMMANDS:
        near = difflib.get_close_matches(name, [*COMMANDS, "engine"], n=1)
        meant = f"Did you mean {near[0]!r}? " if near else ""
        return asked_wrongly(f"there is no command {name!r}. {meant}`microcities --help` lists them.")
    if name == "check" and rest and not rest[0].startswith("-"):
        kinds = "`check`, `check trail`, `check evidence` or `check reports`"
        return asked_wrongly(f"nothing called {rest[0]!r} can be checked. Say {kinds}.")
    return run_django(name, rest)


def asked_wrongly(why: str) -> int:
    """Say why nothing was done; the exit code for it."""
    print(f"microcities: {why}", file=sys.stderr)
    return 2


def run_engine(words: list[str]) -> int:
    """`list`, `describe NAME` or `run NAME [--seed N] < input.json`, without Django and without a database."""
    parser = argparse.ArgumentParser("microcities engine", description="Algorithms: pure functions, JSON in and out.")
    verbs = parser.add_subparsers(dest="verb", required=True)
    verbs.add_parser("list", help="all engines, a line each")
    verbs.add_parser("describe", help="source and JSON schema of one engine").add_argument("name")
    run = verbs.add_parser("run", help="run with JSON from standard input, or repeat a decision file")
    run.add_argument("name")
    run.add_argument("--seed", type=int)
    asked = parser.parse_args(words)
    if asked.verb == "list":
        return engine_cli.list_engines(sys.stdout)
    if asked.verb == "describe":
        return engine_cli.describe(asked.name, sys.stdout)
    return engine_cli.run(asked.name, sys.stdin, sys.stdout, sys.stderr, seed=asked.seed)


def run_django(name: str, rest: list[str]) -> int:
    """Start the database and run the management command behind `name`."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "microcities.settings")
    os.environ.setdefault("MICROCITIES_PROCESS", COMMANDS[name][1])
    if name == "demo":
        os.environ["MICROCITIES_DEMO"] = "1"
    if parent := os.environ.pop(PARENT, ""):
        end_with(int(parent))
    if {"-h", "--help"} & set(rest):
        # Help tells and leaves nothing behind: no data folder, no secrets in it.
        for secret in ("MICROCITIES_SECRET_KEY", "MICROCITIES_PERSON_HASH_KEY"):
            os.environ.setdefault(secret, "not used by --help")
    # Late, because engines must start without Django.
    from django.core.exceptions import ImproperlyConfigured  # noqa: PLC0415
    from django.core.management.base import CommandError, SystemCheckError  # noqa: PLC0415

    from microcities.database.advice import DRIVER_ERRORS, advice  # noqa: PLC0415

    try:
        run_command(name, rest)
    except SystemCheckError as error:
        return failed(name, str(error), 1)
    except CommandError as error:
        return failed(name, str(error), error.returncode)
    except (DatabaseProblemError, ProviderFileError, ImproperlyConfigured) as problem:
        return failed(name, str(problem), 1)
    except DRIVER_ERRORS as error:
        if (words := advice(error)) is None:
            raise
        return failed(name, words, 1)
    return 0


def run_command(name: str, rest: list[str]) -> None:
    """Read the words as the command wants them, then start the database, then run it under the name people know."""
    import django  # noqa: PLC0415
    from django.core.management import get_commands, load_command_class  # noqa: PLC0415
    from django.db import connections  # noqa: PLC0415

    django.setup()
    management = COMMANDS[name][0]
    app: Any = get_commands()[management]
    command = load_command_class(app, management)
    command._called_from_command_line = True  # type: ignore[attr-defined]
    asked = vars(parser_of(command, name).parse_args(rest))
    arguments = asked.pop("args", ())
    if name == "check":
        asked["databases"] = asked["databases"] or ["default"]
    end_in_order()
    prepare()
    try:
        command.execute(*arguments, **asked)
    finally:
        connections.close_all()


def parser_of(command: Any, name: str) -> argparse.ArgumentParser:
    """The parser of a management command under the name people know; Django's own options work and are not shown."""
    parser: argparse.ArgumentParser = command.create_parser("microcities", name)
    for action in parser._actions:
        if action.dest in DJANGO_OPTIONS or action.dest not in SHOWN.get(name, {action.dest}):
            action.help = argparse.SUPPRESS
    parser.description = DESCRIPTIONS.get(name, parser.description)
    return parser


def end_in_order() -> None:
    """A stop from outside ends Python as Ctrl-C does, so that an embedded server is let go of; servers set their own."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, lambda which, _frame: sys.exit(128 + which))


def failed(name: str, why: str, code: int) -> int:
    """Say which command was not done and why."""
    print(f"microcities {name}: {why.strip()}", file=sys.stderr)
    return code


if __name__ == "__main__":
    sys.exit(main())
