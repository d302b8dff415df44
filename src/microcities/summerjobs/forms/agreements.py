"""Forms of agreements."""

from django import forms
from django.utils.translation import gettext_lazy as _

from microcities.summerjobs.actions.agreements import MOST_BYTES
from microcities.ui.fields import day_field
from microcities.ui.forms import AcceptedFileField


class SignedFileForm(forms.Form):
    """A signed file."""

    file = AcceptedFileField(
        accept=(".pdf",), max_bytes=MOST_BYTES, label=_("Signed file"),
        help_text=_("A scan of the signed paper, or a PDF with an electronic signature."),
    )


class MedicalForm(forms.Form):
    """The day on the paper."""

    medical_on = day_field(_("Day of the medical check or doctor's note"))
