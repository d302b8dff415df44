"""Refuses passwords made of the words that everybody here would guess first."""

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

# Words of this platform and its programme, without diacritics, in small letters.
CONTEXT_WORDS = (
    "microcities", "microcity", "mazpilseta", "mazpilsetas", "ventspils", "valmiera", "vidzeme", "kurzeme", "latvija",
    "latvia", "europe", "eiropa", "password", "parole", "vasara", "summer", "skola", "school",
)
# How many letters have to be left once the words are taken away.
OWN_LETTERS = 6


class NotAboutThisPlace:
    """A password needs at least six letters beside such a word, figures and signs."""

    def validate(self, password: str, user: object = None) -> None:
        """Raise ValidationError for `Ventspils2021!` and its like."""
        plain = unicodedata.normalize("NFKD", password.lower())
        letters = re.sub(r"[^a-z]", "", plain)
        left = re.sub("|".join(sorted(CONTEXT_WORDS, key=len, reverse=True)), "", letters)
        if left != letters and len(left) < OWN_LETTERS:
            raise ValidationError(
                _("This password is made of a word that is easy to guess here. Add words of your own."), "context_word"
            )

    def get_help_text(self) -> str:
        """Words for the list of rules beside the field."""
        return _("Do not build your password on the name of the place or the programme.")
