"""What people say on their own careers page."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from microcities.careers.fields_of_study import FIELDS, LEVELS
from microcities.careers.models import DestinationWay

WAYS = [pair for pair in DestinationWay.choices if pair[0] not in (DestinationWay.NEITHER, DestinationWay.UNKNOWN)]


class IntentionForm(forms.Form):
    """What somebody means to do after this school; studies have a field and a level."""

    way = forms.ChoiceField(label=_("After this school"), choices=WAYS, widget=forms.RadioSelect)
    field_code = forms.ChoiceField(label=_("Field of study"), choices=[("", _("not chosen")), *FIELDS.items()], required=False)
    level = forms.TypedChoiceField(
        label=_("Level of study"), choices=[("", _("not chosen")), *LEVELS.items()], coerce=int, empty_value=None,
        required=False,
    )

    def __init__(self, *args: Any, said_today: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.said_today = said_today

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if self.said_today:
            self.add_error(None, str(_("A plan was noted today already. It can be changed from tomorrow on.")))
        if data.get("way") not in (DestinationWay.STUDY, DestinationWay.WORK_AND_STUDY) and data.get("level"):
            self.add_error("level", str(_("A level belongs to studies. Choose studies, or leave the level out.")))
        return data
