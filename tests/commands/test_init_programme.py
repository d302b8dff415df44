"""An own programme from a file: whole or not at all, and its manager can sign in."""

import io
import re
import sys
from pathlib import Path

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.test import Client

from microcities.people.models import Account, Organisation
from microcities.people.roles import Permission
from microcities.programme.models import City, FundingSource, Partner, Programme
from microcities.results.management.commands.init_programme import example_of
from microcities.results.models import Indicator

pytestmark = pytest.mark.django_db
PASSWORD = "zaļa krūze uz palodzes"


def run(*words: str) -> str:
    out = io.StringIO()
    call_command("init_programme", *words, stdout=out)
    return out.getvalue()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "programme.toml"
    path.write_text(run("--example"))
    return path


def test_example_sets_up_a_programme_with_everything_in_it(file: Path) -> None:
    said = run(str(file))
    programme = Programme.objects.get()
    assert (programme.slug, str(programme.co_financing), programme.is_synthetic) == ("skills-2027", "1062500.00", False)
    assert [(city.slug, city.place, city.accent) for city in City.objects.all()] == [("cesis", "cesis", "plum")]
    assert dict(FundingSource.objects.values_list("code", "programme__slug")) == {
        "skills-2027-erdf": "skills-2027",
        "cesis-budget": None,
    }
    assert list(Partner.objects.order_by("pk").values_list("organisation__name_en", "is_lead", "city__slug")) == [
        ("Cēsis Municipality", True, "cesis"),
        ("Technical School of Cēsis", False, "cesis"),
    ]
    manager, operator = Account.objects.order_by("pk")
    assert (manager.email, manager.name, manager.may(Permission.APPROVE_REPORTS)) == (
        "manager@example.org",
        "Anna Paraugs",
        True,
    )
    assert (operator.may(Permission.SEE_OPERATIONS), operator.may(Permission.SEE_ALL_PEOPLE)) == (True, False)
    assert "2 partners, 0 indicators" in said


def test_manager_without_password_sets_one_by_the_mailed_link(file: Path, client: Client) -> None:
    assert "manager@example.org (Programme manager) sets a password by the link mailed just now." in run(str(file))
    letter = next(message for message in mail.outbox if message.to == ["manager@example.org"])
    address = re.search(r"http://[^\s]+/accounts/password/reset/", str(letter.body))
    assert address is not None
    mail.outbox.clear()
    client.post(address[0].partition("8000")[2], {"email": "manager@example.org"})
    link = re.search(r"http://[^/]+(/[^\s]*password/reset/key/[^\s]+)", str(mail.outbox[0].body))
    assert link is not None
    form = client.get(link[1], follow=True)
    client.post(form.request["PATH_INFO"], {"password1": PASSWORD, "password2": PASSWORD})
    assert Account.objects.get(email="manager@example.org").check_password(PASSWORD)


def test_password_from_standard_input_is_the_first_accounts(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(PASSWORD + "\n"))
    assert "manager@example.org (Programme manager) can sign in." in run(str(file), "--password-stdin")
    assert Account.objects.get(email="manager@example.org").check_password(PASSWORD)
    assert not Account.objects.get(email="operator@example.org").has_usable_password()


def test_weak_password_makes_nothing(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("abc\n"))
    with pytest.raises(CommandError, match="too short"):
        run(str(file), "--password-stdin")
    assert (Programme.objects.count(), Account.objects.count(), Organisation.objects.count()) == (0, 0, 0)
    assert mail.outbox == []


def test_results_file_brings_the_indicators(file: Path, tmp_path: Path) -> None:
    results = tmp_path / "results.toml"
    results.write_text(example_of("results").replace('programme = "nextgen"', 'programme = "skills-2027"', 1))
    run(str(file), "--results", str(results))
    assert Indicator.objects.filter(programme__slug="skills-2027").count() > 10


def test_results_file_of_another_programme_is_refused(file: Path, tmp_path: Path) -> None:
    results = tmp_path / "results.toml"
    results.write_text(run("--example", "results").replace('programme = "skills-2027"', 'programme = "nextgen"'))
    with pytest.raises(CommandError, match="is of the programme 'nextgen', not 'skills-2027'"):
        run(str(file), "--results", str(results))
    assert not Programme.objects.exists()


@pytest.mark.parametrize(
    ("right", "wrong", "message"),
    [
        ('slug = "skills-2027"', "slug = 7", "programme.slug: Input should be a valid string"),
        ("ends_on = 2029-12-31", "ends_on = 2026-12-31", "ends_on must be later than starts_on"),
        ('co_financing = "1062500.00"', 'co_financing = "1062500.01"', "which is EUR"),
        ('kind = "technikum"', 'kind = "circus"', "partner.1.kind"),
        ('key = "school"', 'key = "city"', "stands there twice: city"),
        ("lead = true", "lead = false", "exactly one partner has lead = true"),
        ('role = "operator"', 'role = "auditor"', "account.1.role"),
        ('fund = "ERDF"', 'found = "ERDF"', "programme.found: Extra inputs are not permitted"),
        ("[programme]", "[programme", "is no TOML file"),
        ('accent = "plum"', 'accent = "pink"', "city.0.accent"),
        ('kind = "municipality"', 'kind = "municipality"\nregistration_number = "90000000000"', "registration number"),
    ],
)
def test_wrong_file_is_refused_with_the_place(file: Path, right: str, wrong: str, message: str) -> None:
    text = file.read_text()
    assert right in text
    file.write_text(text.replace(right, wrong, 1))
    with pytest.raises(CommandError, match=re.escape(message)):
        run(str(file))
    assert not Programme.objects.exists()


def test_second_programme_is_refused(file: Path) -> None:
    run(str(file))
    with pytest.raises(CommandError, match="There is a programme here already"):
        run(str(file))


def test_no_file_is_asked_for() -> None:
    with pytest.raises(CommandError, match="--example prints one"):
        run()
