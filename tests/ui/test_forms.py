"""Forms: what is wrong, why, and what to do, beside the field and on top."""

import datetime
from collections.abc import Callable
from html import unescape

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from microcities.ui.forms import AcceptedFileField, DatePartsField, FilterForm
from microcities.ui.gallery import SampleForm

pytestmark = pytest.mark.usefixtures("english")


class Pupil(forms.Form):
    name = forms.CharField(max_length=5, help_text="As in your passport.")
    born_on = DatePartsField(
        earliest=datetime.date(1990, 1, 1), latest=datetime.date(2010, 12, 31), label="Date of birth"
    )
    city = forms.ChoiceField(choices=[("v", "Ventspils")], widget=forms.RadioSelect)
    note = forms.CharField(required=False)
    agreed = forms.BooleanField(label="I agree")


def filled(**changes: str) -> dict[str, str]:
    right = {
        "name": "Ieva",
        "born_on_day": "27",
        "born_on_month": "3",
        "born_on_year": "2009",
        "city": "v",
        "agreed": "on",
    }
    return {**right, **changes}


def shown(form: forms.Form) -> str:
    return unescape(str(form))


def test_right_form_gives_a_date_and_no_summary() -> None:
    form = Pupil(filled())
    assert form.is_valid()
    assert form.cleaned_data["born_on"] == datetime.date(2009, 3, 27)
    assert "error-summary" not in shown(form)


def test_labels_hints_and_optional_wording() -> None:
    html = shown(Pupil())
    assert '<label for="id_name">Name</label>' in html
    assert '<div class="hint" id="id_name_helptext">As in your passport.</div>' in html
    assert 'aria-describedby="id_name_helptext"' in html
    assert 'Note <span class="optional">(optional)</span>' in html
    assert html.count("(optional)") == 1
    assert "<legend>City</legend>" in html
    assert " required" not in html


def test_empty_form_says_of_each_field_what_to_do() -> None:
    form = Pupil({})
    html = shown(form)
    assert [(field.name, field.messages) for field in form if field.errors] == [  # type: ignore[attr-defined]
        ("name", ["“Name” is empty. Fill it in."]),
        ("born_on", ["“Date of birth” is empty. Fill it in."]),
        ("city", ["“City” has no answer. Choose one."]),
        ("agreed", ["“I agree” is not ticked. Tick the box to go on."]),
    ]
    for target in ("id_name", "id_born_on_0", "id_city_0", "id_agreed"):
        assert f'<a href="#{target}">' in html
        assert f'id="{target}"' in html
    assert html.index("error-summary") < html.index("id_name")
    assert html.count("autofocus") == 1
    assert 'aria-invalid="true"' in html
    assert 'aria-describedby="id_name_helptext id_name_error"' in html
    assert '<ul class="errors" id="id_name_error">' in html


def test_nothing_typed_is_lost() -> None:
    html = shown(Pupil(filled(name="Anna Marija", born_on_day="31", born_on_month="2", note='"<b>"')))
    assert 'value="Anna Marija"' in html
    assert [f'value="{part}"' in html for part in ("31", "2", "2009")] == [True, True, True]
    assert "&lt;b&gt;" in str(Pupil(filled(note="<b>")))


def test_generic_limits_name_the_field_and_the_remedy() -> None:
    form = Pupil(filled(name="Anna Marija", city="x"))
    assert form["name"].messages == ["“Name” has 11 characters. Shorten it to at most 5."]  # type: ignore[attr-defined]
    assert form["city"].messages == [  # type: ignore[attr-defined]
        "“City”: this answer is not among the choices. Choose one of those shown."
    ]


def test_wording_chosen_by_a_form_is_kept() -> None:
    class Own(forms.Form):
        code = forms.CharField(error_messages={"required": "Write the code from the letter."})

    assert Own({})["code"].messages == ["Write the code from the letter."]  # type: ignore[attr-defined]
    assert "Code: Write the code from the letter." in shown(Own({}))


def test_error_of_the_whole_form_stands_in_the_summary() -> None:
    class Pair(forms.Form):
        first = forms.IntegerField()

        def clean(self) -> None:
            raise ValidationError("The two do not match.")

    assert "<li>The two do not match.</li>" in shown(Pair({"first": "1"}))


@pytest.mark.parametrize(
    ("day", "month", "year", "message"),
    [
        ("", "3", "2009", "The date has no day. Add it, for example 27 3 2009."),
        ("27", "3", "", "The date has no year. Add it, for example 27 3 2009."),
        ("32", "3", "2009", "The day must be a number from 1 to 31."),
        ("٣", "3", "2009", "The day must be a number from 1 to 31."),
        ("27", "13", "2009", "The month must be a number from 1 to 12."),
        ("27", "mar", "2009", "The month must be a number from 1 to 12."),
        ("27", "3", "09", "The year must have four figures, from 1900 to 2100."),
        ("27", "3", "1899", "The year must have four figures, from 1900 to 2100."),
        ("29", "2", "2009", "There is no such day in that month. Check the day and the month."),
        ("1", "1", "1989", "The date must be 1 January 1990 or later."),
        ("1", "1", "2011", "The date must be 31 December 2010 or earlier."),
    ],
)
def test_wrong_date_says_which_part(day: str, month: str, year: str, message: str) -> None:
    form = Pupil(filled(born_on_day=day, born_on_month=month, born_on_year=year))
    assert form.errors["born_on"] == [message]


def test_date_may_be_written_with_points_and_zeros() -> None:
    form = Pupil(filled(born_on_day=" 07.", born_on_month="03.", born_on_year="2009."))
    assert form.is_valid()
    assert form.cleaned_data["born_on"] == datetime.date(2009, 3, 7)


def test_date_shows_what_is_known_and_notices_a_change() -> None:
    class Known(forms.Form):
        on = DatePartsField(required=False, autocomplete="bday")

    day = datetime.date(2009, 3, 27)
    html = shown(Known(initial={"on": day}))
    assert [f'value="{part}"' in html for part in (27, 3, 2009)] == [True, True, True]
    assert 'autocomplete="bday-day"' in html
    assert not Known({"on_day": "27", "on_month": "3", "on_year": "2009"}, initial={"on": day}).has_changed()
    assert Known({"on_day": "28", "on_month": "3", "on_year": "2009"}, initial={"on": day}).has_changed()
    empty = Known({})
    assert empty.is_valid()
    assert empty.cleaned_data == {"on": None}


class Upload(forms.Form):
    file = AcceptedFileField(accept=(".csv", ".xlsx", ".pdf"), max_bytes=100)


@pytest.mark.parametrize(
    ("name", "content", "messages"),
    [
        ("list.CSV", "vārds,pilsēta\r\n".encode(), []),
        ("list.pdf", b"%PDF-1.7 ...", []),
        ("list.exe", b"MZ", ["“list.exe” cannot be used here. Choose a file of the type CSV, XLSX, PDF."]),
        ("list", b"a,b", ["“list” cannot be used here. Choose a file of the type CSV, XLSX, PDF."]),
        (
            "list.xlsx",
            b"name,city",
            [
                "“list.xlsx” is not what its ending says."
                " Open it, save it again as CSV, XLSX, PDF and choose it again."
            ],
        ),
        (
            "list.csv",
            b"PK\x03\x04\x00",
            [
                "“list.csv” is not what its ending says."
                " Open it, save it again as CSV, XLSX, PDF and choose it again."
            ],
        ),
        ("list.csv", b"x" * 101, ["“list.csv” is 101 bytes. Choose a file of at most 100 bytes."]),
    ],
)
def test_file_is_judged_by_name_size_and_content(name: str, content: bytes, messages: list[str]) -> None:
    form = Upload({}, {"file": SimpleUploadedFile(name, content)})
    assert form.errors.get("file", []) == messages
    if not messages:
        assert form.cleaned_data["file"].read() == content


def test_file_field_says_what_it_takes() -> None:
    html = shown(Upload())
    assert 'accept=".csv,.xlsx,.pdf"' in html
    assert "CSV, XLSX, PDF, at most 100 bytes" in html
    assert "browsers forget files" in shown(Upload({}, {}))


def test_filter_form_has_no_summary_and_no_optional_wording() -> None:
    class Narrow(FilterForm):
        city = forms.CharField()

    form = Narrow({})
    assert form.is_valid()
    assert "optional" not in shown(form)
    assert "error-summary" not in shown(form)


def test_every_control_of_the_sample_has_a_name(count_unnamed: Callable[[str], int]) -> None:
    assert count_unnamed(str(SampleForm())) == 0
    assert count_unnamed(str(SampleForm({}))) == 0


@pytest.fixture
def count_unnamed() -> Callable[[str], int]:
    """Count the controls for which no label exists."""
    import re

    def count(html: str) -> int:
        labelled = set(re.findall(r'<label for="([^"]+)"', html))
        ids = re.findall(r"<(?:input|select|textarea)[^>]* id=\"([^\"]+)\"", html)
        return len([each for each in ids if each not in labelled])

    return count
