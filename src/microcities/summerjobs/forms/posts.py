"""An employer's papers, supervisors and posts, and what the city decides about them."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from microcities.people.models import Account, Organisation
from microcities.people.roles import Permission
from microcities.rulebooks.place import here
from microcities.rulebooks.registry import rule
from microcities.summerjobs.actions.hosts import MOST_BYTES
from microcities.summerjobs.models import (
    AidBasis,
    HostKind,
    Post,
    SchemeFund,
    SubProgramme,
    SummerHost,
    SummerScheme,
    Supervisor,
)
from microcities.summerjobs.models.posts import OLDEST, YOUNGEST
from microcities.summerjobs.rulebook.time_values import LightWork
from microcities.ui.fields import ActionForm, day_field, time_field
from microcities.ui.forms import AcceptedFileField

HOURS = forms.NumberInput({"inputmode": "numeric"})


class HostForm(ActionForm):
    """What an employer declares."""

    most_pupils = forms.IntegerField(
        label=_("Pupils over the whole summer, at most"), min_value=1, max_value=500, required=False,
        help_text=_("Empty where the places of your posts alone say so."),
    )
    risks_assessed_on = day_field(
        _("Risks at work assessed on"), required=False,
        help_text=_("Parents are told of this assessment before the contract. Bring the document on the next page."),
    )

    class Meta:
        model = SummerHost
        fields: tuple[str, ...] = ("most_pupils", "risks_assessed_on", "insured", "no_tax_debt")


class JoinForm(HostForm):
    """The same, for one of the account's firms."""

    class Meta(HostForm.Meta):
        fields = ("organisation", *HostForm.Meta.fields)

    def __init__(self, *args: Any, account: Account, scheme: SummerScheme, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = Organisation.objects.of_account(account, Permission.OFFER_SUMMER_POSTS)
        free = own.exclude(summer_hosts__scheme=scheme).in_latvian_order()
        field: Any = self.fields["organisation"]
        field.queryset, field.initial, field.label = free, free.first(), _now("Employer")


class DocumentForm(forms.Form):
    """A paper of the employer."""

    title = forms.CharField(label=_("What it is"), max_length=120)
    file = AcceptedFileField(
        accept=(".pdf", ".png", ".jpg", ".jpeg"), max_bytes=MOST_BYTES, label=_("Document"),
        help_text=_("Only you and the city open it. Leave out names of pupils."),
    )


class SupervisorForm(forms.Form):
    """Who guides pupils."""

    given_name = forms.CharField(label=_("Given name"), max_length=120)
    family_name = forms.CharField(label=_("Family name"), max_length=120)
    email = forms.EmailField(label=_("E-mail"), required=False)
    phone = forms.CharField(label=_("Telephone"), max_length=32, required=False)


class DecideHostForm(forms.Form):
    """What the city found."""

    finding = forms.CharField(
        label=_("What the check found"), max_length=500, required=False, widget=forms.Textarea({"rows": 3}),
        help_text=_("The employer reads it. Needed when you refuse."),
    )
    aid_basis = forms.ChoiceField(
        label=_("Why money to this company is lawful"), required=False,
        choices=[("", _("Not chosen")), *(pair for pair in AidBasis.choices if pair[0])],
        help_text=_("A measure open to all employers is no state aid; otherwise the aid counts as de minimis."),
    )

    def __init__(self, *args: Any, host: SummerHost, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if host.kind != HostKind.COMPANY:
            del self.fields["aid_basis"]


class PostForm(ActionForm):
    """All that a post says. Kept places are one field for each group of the rules."""

    age_from = forms.IntegerField(label=_("Age from"), min_value=YOUNGEST, max_value=OLDEST)
    age_to = forms.IntegerField(label=_("Age to"), min_value=YOUNGEST, max_value=OLDEST)
    places = forms.IntegerField(label=_("Places"), min_value=1, max_value=500)
    chosen_places = forms.IntegerField(
        label=_("Of them chosen by you"), min_value=0, max_value=500, required=False,
        help_text=_("From those who wish for the post, by what they write of themselves. All other places go by lot."),
    )
    starts_at = time_field(_("Work begins at"))
    day_minutes = forms.IntegerField(
        label=_("Minutes a day, at most"), min_value=30, max_value=480, required=False,
        help_text=_("Empty: as long as the scheme and the law allow at the pupil's age."),
    )
    break_minutes = forms.IntegerField(label=_("Break, minutes"), min_value=0, max_value=120, initial=30)
    work_days = forms.IntegerField(label=_("Working days"), min_value=1, max_value=70, initial=15)
    light_task = forms.ChoiceField(
        label=_("Light work of the Cabinet's list"), required=False,
        help_text=_("Children may do only work of this list. Without it the post is open to teenagers and adults."),
    )
    monthly_wage = forms.DecimalField(
        label=_("Pay for a full month, EUR"), min_value=1, max_digits=8, decimal_places=2, required=False,
        help_text=_("Only if it is more than the state minimum wage."),
    )

    class Meta:
        model = Post
        fields = (
            "name", "name_en", "tasks", "learns", "address", "period", "programme", "is_stem", "light_task", "age_from",
            "age_to", "places", "chosen_places", "starts_at", "day_minutes", "break_minutes", "work_days", "monthly_wage",
            "supervisor", "bring", "access_note",
        )
        widgets = {name: forms.Textarea({"rows": 3}) for name in ("tasks", "learns")}

    def __init__(self, *args: Any, host: SummerHost, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.host, fields = host, self.fields
        fields_any: Any = fields
        fields_any["period"].queryset = host.scheme.periods.filter(called_off="")
        allowed = [each.code for each in host.scheme.rules.programmes if host.kind in each.hosts]
        programmes = SubProgramme.objects.filter(scheme=host.scheme, code__in=allowed)
        fields_any["programme"].queryset, fields_any["programme"].initial = programmes, programmes.first()
        fields_any["supervisor"].queryset = Supervisor.objects.filter(host=host).on(
            timezone.localdate()).select_related("person").in_latvian_order()
        fields_any["light_task"].choices = [("", _now("not on the list")), *light_choices()]
        kept = {each.group: each.places for each in self.instance.reserves.all()} if self.instance.pk else {}
        for code, name in group_names(host.scheme):
            fields[f"kept_{code}"] = forms.IntegerField(
                label=_now("Places kept for: %(group)s") % {"group": name}, min_value=0, max_value=500, required=False,
                initial=kept.get(code),
            )

    @property
    def reserves(self) -> dict[str, int]:
        """{group: places kept} as typed."""
        data = self.cleaned_data
        found = {code: data.get(f"kept_{code}") or 0 for code, _name in group_names(self.host.scheme)}
        return {code: places for code, places in found.items() if places}

    @property
    def post_fields(self) -> dict[str, Any]:
        """What the model holds."""
        return {name: value for name, value in self.cleaned_data.items() if not name.startswith("kept_")}

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        data["chosen_places"] = data.get("chosen_places") or 0
        return data


class ApprovePostForm(forms.Form):
    """The money and the supervisor of a post."""

    fund = forms.ModelChoiceField(SchemeFund.objects.none(), label=_("Paid from"))
    supervisor = forms.ModelChoiceField(Supervisor.objects.none(), label=_("Supervisor"))

    def __init__(self, *args: Any, post: Post, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["fund"].queryset = SchemeFund.objects.filter(scheme=post.host.scheme).select_related("source")
        fields["fund"].initial = post.fund_id or fields["fund"].queryset.first()
        fields["supervisor"].queryset = Supervisor.objects.filter(host=post.host).select_related("person").in_latvian_order()
        fields["supervisor"].initial = post.supervisor_id


class QuestionForm(forms.Form):
    """What the employer should change or explain."""

    question = forms.CharField(label=_("Question to the employer"), max_length=500, widget=forms.Textarea({"rows": 3}))


def group_names(scheme: SummerScheme) -> Iterable[tuple[str, str]]:
    """Groups for which places may be kept, by the scheme's rules, in the reader's language."""
    language, seen = get_language() or "lv", dict[str, str]()
    for code, name in [
        *((each.code, each.name) for each in scheme.rules.reserves), *((each.code, each.name) for each in scheme.rules.priority)
    ]:
        seen.setdefault(code, name.in_language(language))
    return seen.items()


def light_choices() -> list[tuple[str, str]]:
    """The Cabinet's list of light work."""
    language = get_language() or "lv"
    tasks = rule(LightWork, on=timezone.localdate(), territory=here()).values.tasks
    return [(each.code, each.name.in_language(language)) for each in tasks]
