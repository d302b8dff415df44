"""`microcities init FILE.toml`: an own programme in an empty installation."""

import sys
import tomllib
from collections.abc import Callable
from importlib import resources
from pathlib import Path
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _
from pydantic import ValidationError as FileError

from microcities.access.answers import RefusedError
from microcities.people.mail import address_of, letter
from microcities.people.models import Account
from microcities.people.roles import ROLES
from microcities.programme.models import Programme
from microcities.programme.setup import ACTOR, example, parse_setup, set_up_programme
from microcities.results.actions.indicators import load_definition
from microcities.results.definition.reading import PACKAGE, Definition, parse_definition

EXAMPLES = ("programme", "results")
Read = TypeVar("Read")


class Command(BaseCommand):
    """Checks the files, then makes everything in one transaction: a programme is there whole or not at all."""

    help = "Sets up an own programme from a TOML file. --example prints such a file to start from."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, nargs="?", help="the programme's file")
        parser.add_argument("--results", type=Path, metavar="FILE", help="its indicators and targets")
        parser.add_argument("--example", choices=EXAMPLES, nargs="?", const="programme",
                            help="print an example of the programme's file (or of the results file) and stop")
        parser.add_argument("--password-stdin", action="store_true",
                            help="read the first account's password from standard input; without it, a link is mailed")

    def handle(
        self, *, file: Path | None, results: Path | None, example: str | None, password_stdin: bool, **_: Any
    ) -> None:
        if example:
            self.stdout.write(example_of(example), ending="")
            return
        if file is None:
            raise CommandError("Name the programme's file. --example prints one to start from.")
        with translation.override("en"):
            self.set_up(file, results, sys.stdin.readline().rstrip("\n") if password_stdin else None)

    def set_up(self, file: Path, results: Path | None, password: str | None) -> None:
        """Both files are read before anything is written."""
        setup = _read(file, parse_setup)
        definition: Definition | None = _read(results, parse_definition) if results else None
        if definition is not None and definition.programme != setup.programme.slug:
            raise CommandError(
                f"{results} is of the programme {definition.programme!r}, not {setup.programme.slug!r}. "
                f"Write programme = \"{setup.programme.slug}\" in it."
            )
        call_command("migrate", verbosity=0)
        if Programme.objects.exists():
            raise CommandError("There is a programme here already. Use an empty database for another one.")
        try:
            with transaction.atomic():
                programme, accounts = set_up_programme(setup=setup, password=password)
                indicators = (
                    load_definition(actor=ACTOR, programme=programme, definition=definition) if definition else []
                )
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        except RefusedError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{programme}: {len(setup.partner)} partners, {len(indicators)} indicators.")
        self.tell(programme, accounts)

    def tell(self, programme: Programme, accounts: list[Account]) -> None:
        """Mail to whoever has no password yet how to set one, and say who they are."""
        for account in accounts:
            role = ROLES[account.memberships.get().role]
            if account.has_usable_password():
                self.stdout.write(f"  {account.email} ({role.name}) can sign in.")
                continue
            welcome(programme, account)
            self.stdout.write(f"  {account.email} ({role.name}) sets a password by the link mailed just now.")


def welcome(programme: Programme, account: Account) -> None:
    """A letter with the address at which a first password is set."""
    with translation.override(account.language):
        text = _(
            "You have been given an account with the role “%(role)s” in the programme “%(programme)s”.\n\n"
            "Open the link, type this e-mail address, and set a password by the letter that follows."
        ) % {"role": ROLES[account.memberships.get().role].name, "programme": programme}
        subject = _("Your account in %(programme)s") % {"programme": programme}
        button = (_("Set a password"), address_of(account.language, "account_reset_password"))
    letter(to=account.email, subject=subject, text=text, language=account.language, button=button).send()


def example_of(what: str) -> str:
    """An example file: of a programme, or of its results (those that Ventspils and Valmiera promised); they fit together."""
    if what == "programme":
        return example()
    promised = resources.files(PACKAGE).joinpath("nextgen.toml").read_text(encoding="utf-8")
    return promised.replace('programme = "nextgen"', f'programme = "{parse_setup(example()).programme.slug}"', 1)


def _read(path: Path, parse: Callable[[str], Read]) -> Read:
    """What the file says, or CommandError with the file, the place in it and what is wrong there."""
    try:
        return parse(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise CommandError(f"{path} cannot be read: {error.strerror}.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CommandError(f"{path} is no TOML file: {error}.") from error
    except FileError as error:
        places = (f"{'.'.join(map(str, each['loc'])) or 'file'}: {each['msg']}" for each in error.errors())
        raise CommandError(f"{path}: " + "; ".join(places)) from error
