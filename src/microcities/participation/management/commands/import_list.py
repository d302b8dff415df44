"""`microcities import participants FILE`: a partner's list from the command line, first as a dry run."""

from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.http import QueryDict
from django.utils import translation

from microcities.access.answers import RefusedError
from microcities.participation.actions.lists import bring_list, match_columns, request_application
from microcities.participation.actions.work import apply_list, check_list
from microcities.participation.lists.columns import BY_KEY
from microcities.participation.models import Activity, ListImport, ListState, RowOutcome
from microcities.participation.tables import outcome_words, row_table
from microcities.people.models import Account
from microcities.programme.models import FundingSource
from microcities.spreadsheets.headings import plain
from microcities.spreadsheets.reading import ListUnreadableError

KINDS = ("participants",)


class Command(BaseCommand):
    """Acts for an account, under that account's rules; leaves nothing behind without --apply."""

    help = "Compares a CSV or XLSX list with what is known and prints the differences; --apply applies it whole."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("kind", choices=KINDS, help="what the list holds")
        parser.add_argument("file", type=Path, help="a CSV or XLSX file")
        parser.add_argument("--activity", required=True, metavar="CODE", help="the activity that the list is of")
        parser.add_argument("--as", required=True, dest="account", metavar="E-MAIL", help="the account that brings it")
        parser.add_argument("--funding", metavar="CODE", help="who paid, where the list does not say")
        parser.add_argument("--column", action="append", default=[], metavar="FIELD=HEADING",
                            help="a column that is not recognised by its heading; may be repeated")
        parser.add_argument("--show", type=int, default=50, metavar="N", help="rows to print (default 50)")
        parser.add_argument("--language", choices=("en", "lv"), default="en", help="of the reasons printed")
        parser.add_argument("--apply", action="store_true", help="apply the list when no row is refused")

    def handle(self, *, language: str, **options: Any) -> None:
        with translation.override(language):
            try:
                self.run_import(**options)
            except (ListUnreadableError, RefusedError) as error:
                raise CommandError(str(error)) from error

    def run_import(
        self, *, file: Path, activity: str, account: str, funding: str | None, column: list[str], show: int,
        apply: bool, **_: Any,
    ) -> None:
        """One transaction: the comparison and, with `apply`, what it says. Anything else is rolled back."""
        actor = _one(Account, "account", email=account.lower())
        fields = {
            "activity": _one(Activity, "activity", code=activity),
            "funding_source": _one(FundingSource, "source of money", code=funding) if funding else None,
        }
        with transaction.atomic():
            the_list = compare(actor, file, dict(pair.partition("=")[::2] for pair in column), fields)
            self.print_differences(the_list, show)
            if not apply:
                transaction.set_rollback(True)
                self.stdout.write("Nothing has been changed. Repeat with --apply to apply the list.")
                return
            request_application(actor=actor, the_list=the_list)
            the_list = apply_list(actor=actor, list_id=the_list.pk)
            if the_list.state != ListState.APPLIED:
                raise CommandError("The data changed meanwhile. Nothing has been changed; try again.")
        self.stdout.write(f"Applied as list {the_list.pk}. It can be undone on its page.")

    def print_differences(self, the_list: ListImport, show: int) -> None:
        """The columns, the number of rows by outcome, and the rows that would change something, refused ones first."""
        if the_list.state == ListState.FAILED:
            raise CommandError(the_list.failure_here)
        for place, field in sorted((place, field) for field, place in the_list.mapping.items()):
            self.stdout.write(f"{BY_KEY[field].label}: {the_list.header[place]}")
        self.stdout.write(", ".join(words for _outcome, words in outcome_words(the_list)))
        values = {each.key: each.value for each in row_table(the_list, QueryDict()).columns}
        rows = the_list.rows.exclude(outcome=RowOutcome.UNCHANGED).order_by("number")
        ordered = [*rows.refused(), *rows.exclude(outcome=RowOutcome.REFUSED)[:show]][:show]
        for row in ordered:
            said = [row.get_outcome_display(), values["person"](row), values["what"](row)]  # type: ignore[operator,misc]
            self.stdout.write(f"  {row.number} " + ": ".join(word for word in said if word))
        if (more := rows.count() - len(ordered)) > 0:
            self.stdout.write(f"  and {more} more rows; --show N prints more")


def compare(actor: Account, path: Path, chosen: dict[str, str], fields: dict[str, Any]) -> ListImport:
    """Bring the list and compare it here and now, inside the caller's transaction; the file kept meanwhile is removed."""
    try:
        stream = path.open("rb")
    except OSError as error:
        raise CommandError(f"{path} cannot be read: {error.strerror}.") from error
    with stream:
        the_list = bring_list(actor=actor, file=UploadedFile(stream, path.name, size=path.stat().st_size), **fields)
    storage, name = the_list.file.storage, the_list.file.name
    try:
        if the_list.state == ListState.UPLOADED:
            mapping = the_list.mapping | _places(the_list.header, chosen)
            match_columns(actor=actor, the_list=the_list, mapping=mapping)
        elif chosen:
            raise CommandError("These headings have been matched before and are read so. Leave out --column.")
        return check_list(actor=actor, list_id=the_list.pk)
    finally:
        storage.delete(name)


def _places(header: list[str], chosen: dict[str, str]) -> dict[str, int]:
    """{field: place of its column} for what the command line names."""
    headings = [plain(each) for each in header]
    for field, heading in chosen.items():
        if field not in BY_KEY:
            raise CommandError(f"There is no field {field!r}. Fields are {', '.join(BY_KEY)}.")
        if plain(heading) not in headings:
            raise CommandError(f"The list has no column {heading!r}. It has {', '.join(header)}.")
    return {field: headings.index(plain(heading)) for field, heading in chosen.items()}


def _one(model: Any, word: str, **key: str) -> Any:
    found = model.objects.filter(**key).first()
    if found is None:
        raise CommandError(f"There is no {word} {next(iter(key.values()))!r}.")
    return found
