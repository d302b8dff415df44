"""The command `microcities`: every way to run the platform from a terminal.

Engines run without Django and without a database. Everything else is a Django management command of the app it belongs to;
this file only names them, starts the database and hands over.
"""

import argparse
import os
import sys

from microcities import __version__
from microcities.database.errors import DatabaseProblemError
from microcities.database.settings import prepare
from microcities.decisions import engine_cli

USAGE = """\
microcities: the platform for a city's jobs-and-skills programme

  demo [--port N] [--scale N] [--no-serve]   the demo programme, running
  serve [--host H] [--port N]                the web server
  worker                                     background work
  migrate                                    bring the database up to date
  init FILE.toml                             set up an own programme
  check [trail | evidence]                   configuration; the chain of history; figures against records
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
    "import": ("import_list", "command"),
    "export": ("export_data", "command"),
    "backup": ("backup", "command"),
    "restore": ("restore", "command"),
    "erase": ("erase_person", "command"),
}


def main(arguments: list[str] | None = None) -> int:
    """Run one command; returns the exit code: 0 done, 1 not done, 2 asked wrongly."""
    words = sys.argv[1:] if arguments is None else arguments
    if not words or words[0] in {"-h", "--help", "help"}:
        print(USAGE)
        return 0 if words else 2
    if words[0] == "--version":
        print(__version__)
        return 0
    if words[0] == "engine":
        return run_engine(words[1:])
    two = " ".join(words[:2])
    name, rest = (two, words[2:]) if two in COMMANDS else (words[0], words[1:])
    if name not in COMMANDS:
        print(f"microcities: there is no command {name!r}.\n\n{USAGE}", file=sys.stderr)
        return 2
    return run_django(name, rest)


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
    command, process = COMMANDS[name]
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "microcities.settings")
    os.environ.setdefault("MICROCITIES_PROCESS", process)
    if name == "demo":
        os.environ["MICROCITIES_DEMO"] = "1"
    # Late, because engines must start without Django.
    from django.core.management import execute_from_command_line  # noqa: PLC0415

    try:
        if "--help" not in rest:
            prepare()
        execute_from_command_line(["microcities", command, *rest])
    except DatabaseProblemError as problem:
        print(problem, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
