"""Tables over lists and over the database: state in the address, stable order, safe sorting."""

import io
import re
from html import unescape

import pytest
from django.contrib.auth.models import Group
from django.db.models import F
from django.db.models.functions import Collate
from django.http import QueryDict
from openpyxl import load_workbook

from microcities.database.expressions import LatvianKey
from microcities.ui import paging
from microcities.ui.components import count_line
from microcities.ui.filters import ChoiceFilter, DateFilter, SearchFilter
from microcities.ui.gallery import people_table
from microcities.ui.ordering import orderings
from microcities.ui.paging import PageLink, Slice
from microcities.ui.tables import Column, Table

pytestmark = pytest.mark.usefixtures("english")


def names(table: Table) -> list[str]:
    return [str(table.shown_columns[0].show(row)) for row in table.page.rows]


def people(query: str = "") -> Table:
    return people_table(QueryDict(query))


def numbers(query: str, count: int = 120, **options: object) -> Table:
    return Table(
        rows=[{"n": n} for n in range(count)],
        columns=[Column("n", "Number", order_by="n", numeric=True)],
        params=QueryDict(query),
        caption="Numbers",
        **options,  # type: ignore[arg-type]
    )


def test_list_is_sorted_the_latvian_way() -> None:
    words = ["Žagari", "Zaube", "Čaks", None, "Cēsis"]
    table = Table(
        rows=[{"w": word} for word in words],
        columns=[Column("w", "W", order_by="w", value="w", cell=lambda row: row["w"])],
        params=QueryDict("sort=w"),
        caption="W",
    )
    assert names(table) == ["Cēsis", "Čaks", "Zaube", "Žagari", "None"]


def test_missing_stand_last_only_where_the_database_can_miss_them() -> None:
    def order(key: object) -> list[bool | None]:
        return [each.nulls_last for each in orderings(Group, key, True)]  # type: ignore[arg-type]

    assert order("name") == [None]
    assert order(LatvianKey("name")) == [None]
    assert order(["pk", "permissions__name"]) == [None, True]
    assert [each.descending for each in orderings(Group, F("name").asc(), True)] == [True]


def test_table_is_sorted_as_asked_with_the_missing_last() -> None:
    assert names(people())[0] == "Anete Bērziņa"
    assert names(people("people-sort=weeks"))[-1] == "Dace Žagariņa"
    assert names(people("people-sort=-weeks")) == [
        "Čaks Āboliņš",
        "Ģirts Šteins",
        "Anete Bērziņa",
        "Jānis Ķeniņš",
        "Dace Žagariņa",
    ]


def test_sorting_by_what_is_not_offered_is_ignored() -> None:
    assert names(people("people-sort=password")) == names(people())
    assert names(people("people-sort=--name")) == names(people())


def test_headings_turn_the_order_round_and_start_from_the_first_page() -> None:
    table = people("people-sort=city&people-page=3&other=1")
    by_key = {header.column.key: header for header in table.headers}
    assert by_key["city"].sorted == "ascending"
    assert by_key["city"].href == "?other=1&people-sort=-city"
    assert by_key["name"].sorted == ""
    assert by_key["name"].href == "?other=1&people-sort=name"


def test_filters_narrow_together_and_can_be_cleared() -> None:
    table = people("people-name=TEIN&people-city=Ventspils&people-sort=name&people-page=2")
    assert names(table) == ["Ģirts Šteins"]
    assert table.is_filtered
    assert table.clear_href == "?people-sort=name"
    assert table.kept_params == [("people-sort", "name")]


def test_wrong_filter_value_is_told_and_does_not_narrow() -> None:
    table = people("people-city=Riga")
    assert len(names(table)) == 5
    assert table.form["city"].messages == [  # type: ignore[attr-defined]
        "“City”: this answer is not among the choices. Choose one of those shown."
    ]


def test_date_filter_over_a_list() -> None:
    table = people()
    table.filters = {"from_on": DateFilter("from_on__gte", label="From")}
    table.params = QueryDict("people-from_on=2020-07-01")
    assert names(table) == ["Čaks Āboliņš", "Ģirts Šteins"]


@pytest.mark.django_db
def test_long_list_is_counted_so_far_and_turned_page_by_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paging, "MOST_COUNTED", 3)
    rows = Group.objects.order_by("name")
    Group.objects.bulk_create(Group(name=f"group {number}") for number in range(5))
    first, last = paging.cut(rows, 1, 2), paging.cut(rows, 3, 2)
    assert (first.count, first.beyond, first.more, last.more) == (None, 3, True, False)
    assert count_line(first.first, first.last, first.count, first.beyond) == "1 to 2 of more than 3 rows"
    few = paging.cut(rows.exclude(name__in=["group 0", "group 1"]), 1, 2)
    assert (few.count, few.beyond, few.more) == (3, 0, True)


def test_page_numbers() -> None:
    table = numbers("page=3")
    assert names(table)[0] == "50"
    assert table.count_line == "51 to 75 of 120 rows"
    assert (table.previous_href, table.next_href) == ("?page=2", "?page=4")
    assert [(link.number, link.current) for link in table.page_links] == [
        (1, False),
        (2, False),
        (3, True),
        (4, False),
        (5, False),
    ]


@pytest.mark.parametrize(
    ("page", "first"), [("99", "100"), ("0", "0"), ("-1", "0"), ("x", "0"), ("9" * 30, "0"), ("²", "0")]
)
def test_page_beyond_the_end_and_nonsense(page: str, first: str) -> None:
    assert names(numbers(f"page={page}"))[0] == first


def test_page_size_is_one_of_those_offered() -> None:
    assert len(names(numbers("size=100"))) == 100
    assert len(names(numbers("size=100000"))) == 25


def test_many_pages_have_gaps() -> None:
    cut = Slice([0], 50, 10, 1000, True)
    assert cut.links(str) == [
        PageLink(1, "1"),
        PageLink(0),
        PageLink(49, "49"),
        PageLink(50, "50", True),
        PageLink(51, "51"),
        PageLink(0),
        PageLink(100, "100"),
    ]


def test_uncounted_table_knows_whether_there_is_more() -> None:
    first, last = numbers("", counted=False), numbers("page=5", counted=False)
    assert (first.count_line, first.next_href, first.page_links) == ("1 to 25", "?page=2", [])
    assert (last.count_line, last.next_href) == ("101 to 120", "")


def test_empty_table_says_why_and_what_to_do() -> None:
    nothing = numbers("", count=0, empty="No numbers yet", empty_hint="Import a list.")
    assert "No numbers yet" in str(nothing)
    assert "Import a list." in str(nothing)
    assert "<table" not in str(nothing)
    assert "Nothing matches these filters" in str(people("people-name=nobody"))


def test_page_is_a_table_with_caption_scopes_and_region() -> None:
    html = unescape(str(people("people-sort=-weeks")))
    assert '<div class="region" role="region" tabindex="0" aria-label="Summer jobs">' in html
    assert "<caption>Summer jobs" in html
    assert html.count('<th scope="col"') == 5
    assert html.count('<th scope="row"') == 5
    assert html.count('aria-sort="descending"') == 1
    assert '<span class="none">no data</span>' in html
    assert '<span class="none">not given</span>' in html


def test_what_people_typed_is_escaped() -> None:
    table = Table(
        rows=[{"n": "<script>1</script>"}],
        columns=[Column("n", "N", link=lambda row: 'javascript:"<x>')],
        params=QueryDict('q="><script>2</script>'),
        caption="<script>3</script>",
    )
    assert "<script>" not in str(table)


def test_csv_holds_all_rows_of_the_filter_in_order() -> None:
    table = people("people-city=Ventspils&people-sort=-weeks&people-format=csv")
    assert table.export_format == "csv"
    body = b"".join(table.export("people")).decode("utf-8-sig")
    assert body == (
        "Name,City,From,Weeks,Paid (EUR)\r\n"
        "Ģirts Šteins,Ventspils,2021-06-14,7,12345.67\r\n"
        "Anete Bērziņa,Ventspils,2019-06-03,3,812.5\r\n"
        "Jānis Ķeniņš,Ventspils,2019-08-30,1,96.4\r\n"
    )


def test_export_is_only_what_is_offered() -> None:
    assert people("people-format=exe").export_format is None
    assert numbers("format=xlsx", exports=("csv",)).export_format is None


def test_file_may_hold_other_columns_than_the_screen() -> None:
    table = Table(
        rows=[{"n": 1, "code": "A1"}],
        columns=[
            Column("n", "N", cell=lambda row: "one", export=lambda row: row["n"] * 10),
            Column("code", "Code", on_screen=False),
            Column("link", "Open", value=lambda row: "open", in_file=False),
        ],
        params=QueryDict("format=csv"),
        caption="C",
    )
    assert [[column.show(row) for column in table.shown_columns] for row in table.page.rows] == [["one", "open"]]
    assert b"".join(table.export("x")).decode("utf-8-sig") == "N,Code\r\n10,A1\r\n"


# --- over the database ---


def groups(query: str = "", **options: object) -> Table:
    return Table(
        rows=Group.objects.all(),
        columns=[
            Column("name", "Name", order_by=LatvianKey("name"), filter=SearchFilter("name")),
            Column(
                "pk", "Number", order_by="pk", numeric=True, filter=ChoiceFilter("pk", choices=[("1", "1")])
            ),
        ],
        params=QueryDict(query),
        caption="Groups",
        default_sort="name",
        **options,  # type: ignore[arg-type]
    )


@pytest.fixture
def some_groups(db: None) -> None:
    Group.objects.bulk_create(
        Group(name=name) for name in ["Žagari", "Zaube", "Čaks", "Cēsis", "Āa", "Ķeniņš", "Kuldīga"]
    )


@pytest.mark.sql
@pytest.mark.usefixtures("some_groups")
def test_queryset_is_sorted_by_the_latvian_key() -> None:
    in_order = ["Āa", "Cēsis", "Čaks", "Kuldīga", "Ķeniņš", "Zaube", "Žagari"]
    assert names(groups()) == in_order
    assert names(groups("sort=-name")) == in_order[::-1]


@pytest.mark.sql
@pytest.mark.usefixtures("some_groups")
def test_queryset_is_filtered_counted_and_exported() -> None:
    assert names(groups("name=KEN")) == ["Ķeniņš"]
    table = groups("name=Ķ&format=xlsx")
    sheet = load_workbook(io.BytesIO(b"".join(table.export("groups")))).active
    assert sheet is not None
    assert [row[0] for row in sheet.iter_rows(values_only=True)] == ["Name", "Čaks", "Kuldīga", "Ķeniņš"]


@pytest.mark.sql
def test_pages_of_equal_rows_never_repeat(db: None) -> None:
    Group.objects.bulk_create(Group(name=f"g{n:03}") for n in range(60))
    table = {
        page: Table(
            rows=Group.objects.extra(select={"same": "1"}),
            columns=[
                Column("name", "Name", order_by=Collate("name", "C")),
                Column("same", "Same", order_by="same"),
            ],
            params=QueryDict(f"page={page}&sort=name"),
            caption="G",
        )
        for page in (1, 2, 3)
    }
    seen = [name for page in table.values() for name in names(page)]
    assert len(seen) == len(set(seen)) == 60


@pytest.mark.sql
@pytest.mark.usefixtures("some_groups")
def test_page_of_a_table_takes_two_queries(django_assert_num_queries: object) -> None:
    with django_assert_num_queries(2):  # type: ignore[operator]
        str(groups())


def test_links_of_the_page_work_without_scripts() -> None:
    html = str(numbers("page=2"))
    pairs = re.findall(r'href="([^"]+)" hx-get="([^"]+)"', html)
    assert pairs
    assert all(one == other for one, other in pairs)
