"""Writes the export as a tagged PDF that a screen reader can read, by typst."""

import json
from pathlib import Path
from typing import Any, Literal

import typst
from django.utils import timezone
from django.utils.translation import gettext as _

from microcities.privacy.export import export_person, in_words

TEMPLATE = Path(__file__).parent / "typst" / "personal_data.typ"
# PDF/UA-1 has the writer refuse a document that lacks a title, a language or a tag.
STANDARD: Literal["ua-1"] = "ua-1"


def export_pdf(person: Any) -> bytes:
    """The person's export as a PDF/UA-1 document in the active language."""
    content = {**in_words(export_person(person)), "texts": _texts()}
    document = typst.compile(
        TEMPLATE.read_bytes(),
        format="pdf",
        pdf_standards=STANDARD,
        ignore_system_fonts=True,
        timestamp=timezone.now().replace(microsecond=0),
        sys_inputs={"data": json.dumps(content, ensure_ascii=False)},
    )
    return bytes(document)


def _texts() -> dict[str, str]:
    return {
        "title": _("Personal data on record"),
        "made": _("Made on"),
        "page": _("Page"),
        "about": _(
            "What is kept about you, what for, and who changed or opened it. You have the right to ask for "
            "correction or erasure on the platform, and to complain to the Data State Inspectorate (dvi.gov.lv)."
        ),
        "field": _("Field"),
        "value": _("Value"),
        "purpose": _("What for"),
        "kept": _("Kept"),
        "history": _("History"),
        "when": _("When"),
        "who": _("Who"),
        "what": _("What"),
        "why": _("Why"),
        "from": _("from"),
        "to": _("to"),
        "looks": _("Who opened the record"),
        "no_looks": _("Nobody's look at the record has been logged. Looks are logged for persons under age."),
        "record": _("Record"),
        "forgotten": _("the former values were erased"),
    }
