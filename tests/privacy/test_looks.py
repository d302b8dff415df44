"""No page, file or answer of the API tells of a minor without a line in the log of looks: one walk over all of them."""

import io
import re
import zipfile
from dataclasses import dataclass
from datetime import date, timedelta
from html import unescape

import pytest
from django.http import HttpResponseBase
from django.test import Client
from django.utils import timezone

from microcities.participation.models import ListImport, ListRow
from microcities.people.models import Account, Guardianship, MatchCandidate, Person
from microcities.privacy.actions import ask_about_data, place_hold
from microcities.privacy.models import RequestKind
from microcities.results.actions.indicators import load_definition
from microcities.results.actions.reports import approve_report, draft_report, open_period, submit_report
from microcities.results.actions.tokens import create_token
from microcities.results.definition.reading import read_definition
from microcities.results.models import FrozenRow, Scope
from microcities.trail.context import System
from microcities.trail.models import Look
from tests import factories
from tests.house.url_map import addresses
from tests.world import World

pytestmark = pytest.mark.django_db
# A name that stands nowhere else.
NAME = "Zvirbulēns"
# What merely finds a name, or asks for a decision about it, shows nothing of the record; opening it is logged.
NAME_ALONE = ("/en/search/", "/en/work/")
FILE_LINK = re.compile(r'href="(\?[^"]*format=csv[^"]*)"')


@dataclass
class Told:
    """A minor with a row wherever persons have one, and every address at which they could stand."""

    child: Person
    guardian: Account
    closed: list[str]  # the child's own addresses, which another partner, an operator or a stranger cannot open
    paths: list[str]


@pytest.fixture
def told(world: World) -> Told:
    load_definition(actor=System("tests"), programme=world.programme, definition=read_definition("nextgen"))
    today = timezone.localdate()
    child = factories.make_person("Anna", NAME, birth_on=today - timedelta(days=15 * 365), email="anna@example.org")
    factories.register(child, world.valmiera_partner, local_reference="A-2")
    record = factories.take_part(
        world.summer, child, world.erdf, proof="document", proof_reference="līgums", brought_by_id=world.ventis.pk
    )
    mother = factories.make_account("mate@example.org", factories.make_person("Ilze", "Zvirbule"))
    Guardianship.objects.create(
        guardian=mother.person, ward=child, proof="seen", valid_from=date(2024, 1, 1),
        valid_to=today + timedelta(days=900), confirmed_by_id=1,
    )
    like = factories.make_person("Anna", NAME[:-1], birth_on=child.birth_on)
    factories.register(like, world.valmiera_partner)
    pair = MatchCandidate.objects.create(first=child, second=like, score="0.900", reasons=[])
    the_list = ListImport.objects.create(
        activity=world.summer, organisation=world.valmiera_partner, file_name="list.csv", file_sha256="", signature="",
        uploaded_by_id=world.valda.pk, state="checked",
    )
    values = {"given_name": "Anna", "family_name": NAME}
    ListRow.objects.create(of_list=the_list, number=2, outcome="known", values=values, person=child)
    request = ask_about_data(actor=mother, person=child, kind=RequestKind.RECTIFICATION, message="wrong")
    place_hold(actor=world.dace, reason="court", from_on=today, person=child)
    period = open_period(
        actor=world.marta, programme=world.programme, code="2019", starts_on=date(2018, 11, 1), ends_on=date(2019, 12, 31)
    )
    report = approve_report(
        actor=world.marta, report=submit_report(actor=world.ventis, report=draft_report(actor=world.ventis, period=period))
    )
    assert FrozenRow.objects.filter(report=report, subject_id=child.pk).exists()
    reference = child.public_id
    closed = [
        f"/en/persons/{reference}/", f"/en/persons/double-records/{pair.pk}/", f"/en/people/family/{reference}/",
        f"/en/people/family/{reference}/consents/", f"/en/people/guardians/{reference}/",
        f"/en/participations/{record.pk}/", f"/en/lists/{the_list.pk}/",
        f"/en/participations/enrol/{reference}/",
        *(f"/en/participations/{record.pk}/{verb}/" for verb in ("confirm", "reject", "complete", "drop-out")),
        f"/en/trail/people_person/{child.pk}/", f"/en/trail/participation_participation/{record.pk}/",
        f"/en/privacy/wards/{reference}/", f"/en/privacy/wards/{reference}/data.json",
        f"/en/privacy/wards/{reference}/ask/erasure/", f"/en/privacy/requests/{request.pk}/",
    ]
    shared = [
        f"/en/activities/{world.summer.code}/",
        "/en/results/summer-jobs/records/", f"/en/results/reports/{report.pk}/rows/summer-jobs/",
        "/en/open-data/records/summer-jobs.csv", "/en/open-data/records/summer-jobs.xlsx",
        *(f"/en/open-data/reports/{report.pk}/rows.{ending}" for ending in ("csv", "xlsx")),
    ]
    plain = [each.in_language("en") for each in addresses() if not each.has_arguments and each.is_ours]
    return Told(child, mother, closed, [*closed, *shared, *plain, f"/en/search/?q={NAME[:6]}"])


def text_of(response: HttpResponseBase) -> str:
    """What a reader gets to see: a page, a CSV, or the cells of a workbook."""
    content = b"".join(response.streaming_content) if response.streaming else response.content  # type: ignore[attr-defined]
    if not content.startswith(b"PK"):
        return content.decode(errors="replace")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return "\n".join(archive.read(name).decode(errors="replace") for name in archive.namelist())


def unlogged(client: Client, told: Told, account: Account) -> tuple[list[str], int]:
    """Addresses that told of the child without a line in the log, and how many told of the child at all.

    Every page is asked for, and every CSV that a table on it offers.
    """
    wrong, seen, waiting = [], 0, list(told.paths)
    while waiting:
        address = waiting.pop()
        before = Look.objects.filter(person_id=told.child.pk, actor_id=account.pk).count()
        response = client.get(address)
        if response.status_code != 200:
            continue
        text = text_of(response)
        if "text/html" in response.headers["Content-Type"]:
            waiting += [address.partition("?")[0] + unescape(link) for link in FILE_LINK.findall(text)]
        if NAME not in text:
            continue
        seen += 1
        after = Look.objects.filter(person_id=told.child.pk, actor_id=account.pk).count()
        if after == before and not address.startswith(NAME_ALONE):
            wrong.append(address)
    return wrong, seen


@pytest.mark.parametrize(
    ("name", "least"), [("marta", 12), ("valda", 12), ("aija", 8), ("dace", 6), ("ventis", 0), ("otto", 0), ("svens", 0)]
)
def test_nothing_tells_of_a_minor_without_a_line_in_the_log(
    world: World, told: Told, client: Client, name: str, least: int
) -> None:
    """`least` is how many addresses must show the child to this role, so that the walk cannot pass by seeing nothing."""
    account = getattr(world, name)
    client.force_login(account)
    wrong, seen = unlogged(client, told, account)
    assert wrong == []
    if least:
        assert seen >= least
    else:  # another partner, the operator and a stranger never see the name at all
        assert seen == 0
        assert not Look.objects.filter(actor_id=account.pk).exists()


@pytest.mark.parametrize("name", ["ventis", "otto", "svens"])
def test_another_partner_the_operator_and_a_stranger_cannot_open_what_is_the_childs(
    world: World, told: Told, client: Client, name: str
) -> None:
    client.force_login(getattr(world, name))
    answers = {path: client.get(path).status_code for path in told.closed}
    answers |= {f"POST {path}": client.post(path).status_code for path in told.closed}
    assert len(told.closed) >= 16
    assert {path: status for path, status in answers.items() if status not in {403, 404, 405}} == {}
    assert 404 in answers.values() or 403 in answers.values()
    assert not Look.objects.filter(actor_id=getattr(world, name).pk).exists()


def test_two_partners_see_nothing_of_each_other(world: World, client: Client) -> None:
    """Zane is known in Ventspils, Pēteris in Valmiera: by page, list, filter, search, file and API."""
    pairs = ((world.ventis, world.zane, world.peteris), (world.valda, world.peteris, world.zane))
    for account, own, other in pairs:
        client.force_login(account)
        assert client.get(f"/en/persons/{own.public_id}/").status_code == 200
        assert client.get(f"/en/persons/{other.public_id}/").status_code == 404
        for address in ("/en/persons/", "/en/persons/?format=csv", f"/en/search/?q={own.family_name[:3]}"):
            assert own.family_name in text_of(client.get(address)), address
        for address in (
            "/en/persons/", "/en/persons/?format=csv", "/en/persons/?format=xlsx", f"/en/search/?q={other.family_name[:3]}",
            f"/en/persons/?name={other.family_name[:3]}",
        ):
            assert other.family_name not in text_of(client.get(address)), address


def test_guardian_sees_the_child_and_each_look_is_logged(told: Told, client: Client) -> None:
    client.force_login(told.guardian)
    wrong, seen = unlogged(client, told, told.guardian)
    # These pages of the guardian's own name the child in a link and show nothing else of it.
    links = ("/en/people/family/", "/en/privacy/mine/", "/en/privacy/looks/", "/en/careers/mine/")
    assert [address for address in wrong if address.partition("?")[0] not in links] == []
    assert seen > 5


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_files_and_api_that_hold_numbers_instead_of_names_log_each_minor(
    world: World, told: Told, client: Client, ending: str
) -> None:
    client.force_login(world.aija)
    numbered = [path for path in told.paths if "/rows" in path or "/records/" in path]
    assert len(numbered) == 6
    for path in numbered:
        if path.endswith((".csv", ".xlsx")) and not path.endswith(ending):
            continue
        key = "rows-format" if "/results/summer" in path else "format"
        address = path if path.endswith(ending) else f"{path}?{key}={ending}"
        before = Look.objects.count()
        assert client.get(address).status_code == 200
        looks = Look.objects.filter(pk__gt=0).order_by("-pk")[: Look.objects.count() - before]
        assert [(look.person_id, look.reason) for look in looks] == [(told.child.pk, "results.export")], address
    _token, secret = create_token(actor=world.aija, name="x", scopes=[Scope.EVIDENCE], days=1)
    before = Look.objects.count()
    answer = Client().get("/api/v1/results/summer-jobs/evidence", headers={"authorization": f"Bearer {secret}"})
    assert [row["subject"] for row in answer.json()["rows"]] != []
    assert (Look.objects.count() - before, Look.objects.latest("pk").person_id) == (1, told.child.pk)


def test_a_list_of_many_notes_each_of_them_once(world: World, client: Client) -> None:
    for number in range(60):
        person = factories.make_person(f"Vārds{number}", "Skaitlis", birth_on=timezone.localdate() - timedelta(days=5000))
        factories.register(person, world.valmiera_partner)
    adult = factories.make_person("Pieaugusi", "Kalna", birth_on=date(1980, 1, 1))
    factories.register(adult, world.valmiera_partner)
    client.force_login(world.valda)
    assert client.get("/en/persons/?format=csv").status_code == 200
    looks = Look.objects.filter(actor_id=world.valda.pk, reason="privacy.download")
    assert looks.count() == looks.values("person_id").distinct().count() == 61  # Pēteris too, the adult not
    assert not looks.filter(person_id=adult.pk).exists()
