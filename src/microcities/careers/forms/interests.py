"""One page of the questionnaire on interests, and the words that some know."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import get_language

from microcities.careers.engines.questionnaire import Questionnaire, Statement


class PartForm(forms.Form):
    """Some statements with the answer scale; any may be left out."""

    def __init__(
        self, *args: Any, asked: Questionnaire, items: Sequence[Statement], known: Mapping[str, int], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        language = get_language() or "lv"
        choices = [(answer.value, answer.in_language(language)) for answer in asked.answers]
        for item in items:
            self.fields[item.code] = forms.TypedChoiceField(
                label=item.in_language(language), choices=choices, coerce=int, empty_value=None, required=False,
                widget=forms.RadioSelect, initial=known.get(item.code),
            )


class WordsForm(forms.Form):
    """Which of these words are known."""

    words = forms.TypedMultipleChoiceField(coerce=int, required=False, widget=forms.CheckboxSelectMultiple, empty_value=[])

    def __init__(self, *args: Any, asked: Questionnaire, label: str, known: Sequence[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language = get_language() or "lv"
        field: Any = self.fields["words"]
        field.label, field.initial = label, list(known)
        field.choices = [(place, word.in_language(language)) for place, word in enumerate(asked.words)]
