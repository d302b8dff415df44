"""How every form of the site looks and speaks, so that `{{ form }}` is enough in a template.

`UiRenderer` (FORM_RENDERER) puts a summary of errors on top that takes the focus, each error again beside its
field, and says of each what is wrong and what to do. `DatePartsField` asks for a date in three boxes,
`AcceptedFileField` for a file of known types.
"""

import datetime
import re
from collections.abc import Mapping, Sequence
from typing import Any, cast

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.core.validators import (
    MaxLengthValidator,
    MaxValueValidator,
    MinLengthValidator,
    MinValueValidator,
)
from django.db.models.fields import BLANK_CHOICE_DASH
from django.forms.boundfield import BoundField
from django.forms.renderers import TemplatesSetting
from django.utils.functional import Promise, lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from microcities.ui.numbers import format_bytes, format_day

Text = str | Promise
YEARS = range(1900, 2101)
DASHES = BLANK_CHOICE_DASH[0][1]
# Django's own wordings, which name neither field nor remedy; a wording chosen by a form is left alone.
GENERIC_REQUIRED = forms.Field.default_error_messages["required"]
GENERIC_CHOICES = (
    forms.ChoiceField.default_error_messages["invalid_choice"],
    forms.ModelChoiceField.default_error_messages["invalid_choice"],
)


class UiBoundField(BoundField):
    """A field as a page shows it: which wording its errors have and which element takes the focus."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # A placeholder says what the label says, in pale letters, and is gone with the first one typed.
        self.field.widget.attrs.pop("placeholder", None)
        # Django's empty choice is a row of dashes, which tells nobody anything and is read out dash by dash.
        if isinstance(self.field, forms.ModelChoiceField) and self.field.empty_label == DASHES:
            self.field.empty_label = _("Not chosen")
        elif isinstance(self.field, forms.ChoiceField):
            pairs: Any = self.field.choices
            self.field.choices = [(value, _("Not chosen") if label == DASHES else label) for value, label in pairs]

    @property
    def messages(self) -> list[str]:
        """Return the errors of this field, each saying what is wrong and what to do."""
        return [text for error in self.errors.as_data() for text in explain(error, self)]

    @property
    def summary_messages(self) -> list[str]:
        """Return the errors as the summary has them, away from the field: each names the field."""
        label = str(self.label)
        return [text if label in text else f"{label}: {text}" for text in self.messages]

    @property
    def focus_id(self) -> str:
        """Return the id of the first control: where a link of the error summary leads."""
        if self.field.widget.use_fieldset and self.auto_id:
            return f"{self.auto_id}_0"
        return self.id_for_label

    @property
    def layout(self) -> str:
        """Return "check" for a single box, "group" for several controls under one legend, else "plain"."""
        if isinstance(self.field.widget, forms.CheckboxInput):
            return "check"
        return "group" if self.use_fieldset else "plain"

    @property
    def says_optional(self) -> bool:
        """Tell whether the label says that the field may stay empty; a single box never has to."""
        return not self.field.required and self.layout != "check"

    def build_widget_attrs(self, attrs: dict[str, Any], widget: forms.Widget | None = None) -> dict[str, Any]:
        """Leave `required` to the server: a browser's own bubble names neither reason nor remedy."""
        built = super().build_widget_attrs(attrs, widget)
        if built.pop("required", None) and not self.use_fieldset:
            built["aria-required"] = "true"
        return built


class UiRenderer(TemplatesSetting):
    """Renders forms with this app's templates and the site's template settings."""

    form_template_name = "ui/forms/form.html"
    field_template_name = "ui/forms/field.html"
    formset_template_name = "ui/forms/formset.html"
    bound_field_class = UiBoundField


class FilterForm(forms.Form):
    """A form sent by GET that narrows a list: its fields stand in a row and all of them are optional."""

    template_name = "ui/forms/filters.html"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.use_required_attribute = False
        for field in self.fields.values():
            field.required = False


def explain(error: ValidationError, bound: BoundField) -> list[str]:
    """Turn a generic error of Django's into what is wrong with this very field and what to do about it."""
    params = error.params or {}
    label = {"label": str(bound.label)}
    if not hasattr(error, "message"):
        return list(error.messages)
    if error.message is GENERIC_REQUIRED:
        return [_required(bound) % label]
    if any(error.message is generic for generic in GENERIC_CHOICES):
        return [_("“%(label)s”: this answer is not among the choices. Choose one of those shown.") % label]
    # Compared one by one: Django's lazy plurals cannot be keys of a dict, they count as equal.
    bounds: tuple[tuple[object, Text], ...] = (
        (MinValueValidator.message, _("“%(label)s” is too small. Enter %(limit)s or more.")),
        (MaxValueValidator.message, _("“%(label)s” is too large. Enter %(limit)s or less.")),
        (
            MinLengthValidator.message,
            _("“%(label)s” has %(length)s characters. It needs at least %(limit)s."),
        ),
        (
            MaxLengthValidator.message,
            _("“%(label)s” has %(length)s characters. Shorten it to at most %(limit)s."),
        ),
    )
    for generic, text in bounds:
        if error.message is generic:
            return [str(text) % {**label, "limit": params["limit_value"], "length": params["show_value"]}]
    return list(error.messages)


def _required(bound: BoundField) -> str:
    widget = bound.field.widget
    if isinstance(widget, forms.FileInput):
        return _("“%(label)s”: no file is chosen. Choose one.")
    if isinstance(widget, forms.CheckboxInput):
        return _("“%(label)s” is not ticked. Tick the box to go on.")
    if isinstance(widget, forms.Select | forms.RadioSelect | forms.CheckboxSelectMultiple):
        return _("“%(label)s” has no answer. Choose one.")
    return _("“%(label)s” is empty. Fill it in.")


def add_model_errors(form: forms.BaseForm, error: ValidationError, fields: Mapping[str, str] | None = None) -> None:
    """Put what a model's `full_clean` refused at the fields of a form that was typed into.

    `fields` gives the field for the code of an error that names none (that of a constraint); the rest stands on top.
    """
    found = error.error_dict if hasattr(error, "error_dict") else {NON_FIELD_ERRORS: error.error_list}
    for name, errors in found.items():
        for each in errors:
            field = name if name in form.fields else (fields or {}).get(str(each.code))
            form.add_error(field, each)


class DatePartsWidget(forms.MultiWidget):
    """Three labelled boxes for day, month and year: quicker than a calendar for a date one knows by heart."""

    template_name = "ui/forms/date_parts.html"
    use_fieldset = True

    def __init__(self, attrs: dict[str, Any] | None = None, autocomplete: str = "") -> None:
        def box(part: str, digits: int) -> forms.TextInput:
            extra = {"autocomplete": f"{autocomplete}-{part}"} if autocomplete else {"autocomplete": "off"}
            return forms.TextInput(
                {"inputmode": "numeric", "maxlength": str(digits + 1), "size": str(digits), **extra}
            )

        super().__init__({"day": box("day", 2), "month": box("month", 2), "year": box("year", 4)}, attrs)

    def decompress(self, value: Any) -> list[Any]:
        """Split a date into the text of the three boxes."""
        if isinstance(value, datetime.date):
            return [str(value.day), str(value.month), str(value.year)]
        return ["", "", ""]

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Give each box its visible label."""
        context = super().get_context(name, value, attrs)
        for part, label in zip(
            context["widget"]["subwidgets"], (_("Day"), _("Month"), _("Year")), strict=True
        ):
            part["label"] = label
        return context


class DatePartsField(forms.MultiValueField):
    """A date from three boxes, read strictly: nothing is guessed, and the error names the wrong part.

    `earliest` and `latest` are inclusive. `autocomplete="bday"`: the birthday of who types.
    """

    widget = DatePartsWidget
    default_error_messages = {
        "invalid": gettext_lazy("Write the date in figures, for example 27 3 2009."),
        "incomplete": gettext_lazy("The date has no %(part)s. Add it, for example 27 3 2009."),
        "day": gettext_lazy("The day must be a number from 1 to 31."),
        "month": gettext_lazy("The month must be a number from 1 to 12."),
        "year": gettext_lazy("The year must have four figures, from 1900 to 2100."),
        "no_such_day": gettext_lazy("There is no such day in that month. Check the day and the month."),
        "earliest": gettext_lazy("The date must be %(limit)s or later."),
        "latest": gettext_lazy("The date must be %(limit)s or earlier."),
    }

    def __init__(
        self,
        *,
        earliest: datetime.date | None = None,
        latest: datetime.date | None = None,
        autocomplete: str = "",
        **kwargs: Any,
    ) -> None:
        self.earliest, self.latest = earliest, latest
        kwargs.setdefault("widget", DatePartsWidget(autocomplete=autocomplete))
        parts = [forms.CharField(required=False) for _part in range(3)]
        super().__init__(parts, require_all_fields=False, **kwargs)

    def clean(self, value: Any) -> datetime.date | None:
        """Read the three texts; all empty is no date."""
        texts = [str(text or "").strip().rstrip(".") for text in (value or ["", "", ""])]
        if not any(texts):
            if self.required:
                raise ValidationError(self.error_messages["required"], code="required")
            return None
        numbers = self._numbers(texts)
        try:
            found = datetime.date(numbers[2], numbers[1], numbers[0])
        except ValueError:
            raise ValidationError(self.error_messages["no_such_day"], code="no_such_day") from None
        self._check_limits(found)
        return found

    def _numbers(self, texts: Sequence[str]) -> list[int]:
        names = (_("day"), _("month"), _("year"))
        allowed = (range(1, 32), range(1, 13), YEARS)
        numbers = []
        for code, text, name, values in zip(("day", "month", "year"), texts, names, allowed, strict=True):
            if not text:
                raise ValidationError(
                    self.error_messages["incomplete"], code="incomplete", params={"part": name}
                )
            digits = r"[0-9]{4}" if code == "year" else r"[0-9]{1,2}"
            if not re.fullmatch(digits, text) or int(text) not in values:
                raise ValidationError(self.error_messages[code], code=code)
            numbers.append(int(text))
        return numbers

    def _check_limits(self, found: datetime.date) -> None:
        from_on, to_on = self.earliest, self.latest
        if from_on and found < from_on:
            raise ValidationError(self.error_messages["earliest"], "earliest", {"limit": format_day(from_on)})
        if to_on and found > to_on:
            raise ValidationError(self.error_messages["latest"], "latest", {"limit": format_day(to_on)})

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Compare what was shown with what came back, box by box."""
        shown = DatePartsWidget().decompress(initial)
        return [str(text or "").strip() for text in (data or ["", "", ""])] != shown


# How files of each type begin. CSV has no mark: it has to be readable text.
SIGNATURES: Mapping[str, tuple[bytes, ...]] = {
    ".pdf": (b"%PDF-",),
    ".xlsx": (b"PK\x03\x04",),
    ".docx": (b"PK\x03\x04",),
    ".zip": (b"PK\x03\x04",),
    ".png": (b"\x89PNG\r\n\x1a\n",),
    ".jpg": (b"\xff\xd8\xff",),
    ".jpeg": (b"\xff\xd8\xff",),
}


class AcceptedFileField(forms.FileField):
    """A file of one of the accepted types (endings with their dot), judged by name and by its first bytes."""

    default_error_messages = {
        "type": gettext_lazy("“%(name)s” cannot be used here. Choose a file of the type %(accepted)s."),
        "content": gettext_lazy(
            "“%(name)s” is not what its ending says. Open it, save it again as %(accepted)s"
            " and choose it again."
        ),
        "size": gettext_lazy("“%(name)s” is %(size)s. Choose a file of at most %(limit)s."),
    }

    def __init__(self, *, accept: Sequence[str], max_bytes: int = 25 * 1024 * 1024, **kwargs: Any) -> None:
        self.accept = tuple(ending.lower() for ending in accept)
        self.max_bytes = max_bytes
        kwargs.setdefault("help_text", lazy(self.accepted_hint, str)())
        super().__init__(**kwargs)

    @property
    def accepted(self) -> str:
        """The accepted types in words: "CSV, XLSX"."""
        return ", ".join(ending.lstrip(".").upper() for ending in self.accept)

    def accepted_hint(self) -> str:
        """Say which files may be chosen: "CSV, XLSX, at most 25 MB"."""
        return _("%(accepted)s, at most %(limit)s") % {
            "accepted": self.accepted,
            "limit": format_bytes(self.max_bytes),
        }

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """Let the browser's file dialogue show only the accepted types."""
        return {**super().widget_attrs(widget), "accept": ",".join(self.accept)}

    def to_python(self, data: Any) -> UploadedFile | None:
        """Refuse a wrong type, a false ending and too much; leave the file rewound."""
        file = cast(UploadedFile | None, super().to_python(data))
        if file is None:
            return None
        name = str(file.name)
        ending = "." + name.rpartition(".")[2].lower()
        params = {"name": name, "accepted": self.accepted}
        if ending not in self.accept:
            raise ValidationError(self.error_messages["type"], "type", params)
        size = file.size or 0
        if size > self.max_bytes:
            sizes = {"size": format_bytes(size), "limit": format_bytes(self.max_bytes)}
            raise ValidationError(self.error_messages["size"], "size", {**params, **sizes})
        if not _begins_as(file, ending):
            raise ValidationError(self.error_messages["content"], "content", params)
        return file


def _begins_as(file: UploadedFile, ending: str) -> bool:
    file.seek(0)
    head: bytes = file.read(4096)
    file.seek(0)
    if ending in SIGNATURES:
        return head.startswith(SIGNATURES[ending])
    return ending not in {".csv", ".txt", ".json"} or b"\x00" not in head
