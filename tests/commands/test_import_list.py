"""A list brought from the command line: the dry run leaves nothing, --apply applies it whole."""

import io
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.utils import translation
from procrastinate.contrib.django.models import ProcrastinateJob

from microcities.participation.models import ColumnMapping, ListImport, Participation, RowOutcome
from microcities.people.models import Person
from microcities.trail.models import Action
from tests.world import World

pytestmark = pytest.mark.django_db
HEADER = "Vārds;Uzvārds;Dzimšanas datums;Sācis"
LIGA = "Līga;Bērziņa;12.03.2004.;03.06.2019."
JANIS = "Jānis;Kalniņš;05.11.2003.;03.06.2019."


def run(path: Path, *options: str, account: str = "valda@example.org") -> str:
    out = io.StringIO()
    call_command("import_list", "participants", str(path), "--activity", "summer-2019", "--as", account, *options,
                 stdout=out)  # fmt: skip
    return out.getvalue()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "saraksts.csv"
    path.write_text("\n".join([HEADER, LIGA, JANIS]))
    return path


def kept_files() -> int:
    folder = Path(default_storage.path("lists"))
    return len(list(folder.iterdir())) if folder.exists() else 0


def test_dry_run_prints_the_differences_and_leaves_nothing(world: World, file: Path) -> None:
    files, actions, people = kept_files(), Action.objects.count(), Person.objects.count()
    assert run(file).splitlines() == [
        "given name: Vārds",
        "family name: Uzvārds",
        "date of birth: Dzimšanas datums",
        "started: Sācis",
        "2 × new person",
        "  2 new person: Līga Bērziņa",
        "  3 new person: Jānis Kalniņš",
        "Nothing has been changed. Repeat with --apply to apply the list.",
    ]
    assert (ListImport.objects.count(), ColumnMapping.objects.count(), ProcrastinateJob.objects.count()) == (0, 0, 0)
    assert (kept_files(), Action.objects.count(), Person.objects.count()) == (files, actions, people)


def test_applied_list_is_the_accounts_and_known_the_second_time(world: World, file: Path) -> None:
    said = run(file, "--apply", "--funding", "nextgen-erdf")
    the_list = ListImport.objects.get()
    assert said.endswith(f"Applied as list {the_list.pk}. It can be undone on its page.\n")
    assert (the_list.state, the_list.uploaded_by_id, the_list.applied_by_id) == ("applied", world.valda.pk, world.valda.pk)
    fundings = Participation.objects.filter(batch_id=the_list.pk).values_list("fundings__funding_source__code", flat=True)
    assert list(fundings) == ["nextgen-erdf", "nextgen-erdf"]
    again = run(file, "--funding", "nextgen-erdf")
    assert "2 × already there" in again
    with pytest.raises(CommandError, match="There is nothing to apply"):
        run(file, "--funding", "nextgen-erdf", "--apply")
    assert ListImport.objects.count() == 1


def test_refused_rows_are_named_and_nothing_is_applied(world: World, tmp_path: Path) -> None:
    path = tmp_path / "bad.csv"
    path.write_text("\n".join([HEADER, LIGA, "Jānis;Kalniņš;05.11.2003.;31.06.2019."]))
    said = run(path)
    assert "1 × new person, 1 × refused" in said
    assert "  3 refused: Jānis Kalniņš: Column D “Sācis”, “31.06.2019.”: There is no such day." in said
    with pytest.raises(CommandError, match="Some rows are refused"):
        run(path, "--apply")
    assert (ListImport.objects.count(), Participation.objects.count()) == (0, 0)


def test_unrecognised_column_is_named_on_the_command_line(world: World, tmp_path: Path) -> None:
    path = tmp_path / "odd.csv"
    path.write_text("Vārds;Uzvārds;Kad piedzima;Sācis\nLīga;Bērziņa;12.03.2004.;03.06.2019.\n")
    files = kept_files()
    with pytest.raises(CommandError, match="tells people of one name apart"):
        run(path)
    assert "1 × new person" in run(path, "--column", "birth_on=Kad piedzima")
    with pytest.raises(CommandError, match="There is no field 'born'"):
        run(path, "--column", "born=Kad piedzima")
    with pytest.raises(CommandError, match="The list has no column 'Dzimis'"):
        run(path, "--column", "birth_on=Dzimis")
    assert kept_files() == files


def test_command_obeys_the_accounts_rules(world: World, file: Path) -> None:
    with pytest.raises(CommandError, match="run by another organisation"):
        run(file, account="ventis@example.org")
    with pytest.raises(CommandError, match=r"There is no account 'nobody@example\.org'"):
        run(file, account="nobody@example.org")
    with pytest.raises(CommandError, match="cannot be read: No such file"):
        run(file.with_name("missing.csv"))
    text = file.with_suffix(".txt")
    text.write_text("x")
    with pytest.raises(CommandError, match="Choose CSV, XLSX"):
        run(text)


def test_reasons_are_printed_in_latvian_when_asked(world: World, file: Path) -> None:
    with translation.override("lv"):
        word = str(RowOutcome.NEW.label)
    assert f"  2 {word}: Līga Bērziņa" in run(file, "--language", "lv")
