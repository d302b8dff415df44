"""Forms of draw day, of employers' rankings and of the end of a placement."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from microcities.summerjobs.engines.eligibility import age_on
from microcities.summerjobs.models import Application, Post
from microcities.ui.fields import day_field
from microcities.ui.forms import FilterForm


class SeedForm(forms.Form):
    """The public seed and how it came about."""

    public_seed = forms.CharField(
        label=_("Seed"), max_length=1000,
        help_text=_("Exactly as it is published. Anybody who repeats the draw enters the same signs."),
    )
    source = forms.CharField(
        label=_("Where the seed comes from"), max_length=500, widget=forms.Textarea({"rows": 3}),
        help_text=_("When, where and before whom it was drawn, or which public source it stands in."),
    )


class CodeForm(FilterForm):
    """Finds one's own line in the public list."""

    code = forms.CharField(label=_("Code"), max_length=12, required=False)


class EndForm(forms.Form):
    """The last day that was worked, and why it was the last."""

    last_on = day_field(_("Last day worked"))
    reason = forms.CharField(label=_("Reason"), max_length=300, widget=forms.Textarea({"rows": 2}))


class RankingForm(forms.Form):
    """A number for each pupil whom the employer would have; none for the others."""

    def __init__(self, *args: Any, post: Post, found: Iterable[Application], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ranked = dict(post.ranking.values_list("application_id", "rank"))
        self.found = list(found)
        self.first_on = post.period.first_on
        for each in self.found:
            self.fields[f"rank_{each.pk}"] = forms.IntegerField(
                label=each.code, min_value=1, max_value=1000, required=False, initial=ranked.get(each.pk)
            )

    def rows(self) -> list[tuple[Application, int, BoundField]]:
        """Each pupil with the age on the first day, and the field for the number."""
        return [
            (each, age_on(each.person.birth_on, self.first_on), self[f"rank_{each.pk}"])
            for each in self.found if each.person.birth_on is not None
        ]

    @property
    def ranks(self) -> dict[int, int]:
        """By application: the number that was given."""
        given = {each.pk: self.cleaned_data.get(f"rank_{each.pk}") for each in self.found}
        return {number: rank for number, rank in given.items() if rank is not None}
