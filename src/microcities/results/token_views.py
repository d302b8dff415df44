"""The page on which partners' staff make and withdraw access tokens for programs."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_variables

from microcities.access.answers import RefusedError
from microcities.access.guards import allow
from microcities.results.actions.tokens import create_token, revoke_token
from microcities.results.models import ApiToken, Scope
from microcities.results.rules import may_see_detail
from microcities.results.tables import token_table
from microcities.results.views.asking import crumbs
from microcities.ui.pages import page


class TokenForm(forms.Form):
    """A new token."""

    name = forms.CharField(
        label=gettext_lazy("What is it for?"), max_length=80, help_text=gettext_lazy("For example: the city's data portal.")
    )
    scopes = forms.MultipleChoiceField(
        label=gettext_lazy("What may it read?"), choices=Scope.choices, widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Never more than you may see yourself."),
    )
    days = forms.TypedChoiceField(
        label=gettext_lazy("For how long?"), coerce=int, widget=forms.RadioSelect,
        choices=[(30, gettext_lazy("30 days")), (90, gettext_lazy("90 days")), (365, gettext_lazy("one year"))],
    )


@allow(may_see_detail, methods=("GET", "POST"), own_account=True)
@sensitive_variables("secret")
def tokens(request: HttpRequest) -> HttpResponse | FileResponse:
    """Own tokens; a new one is shown this one time."""
    form, secret = TokenForm(request.POST or None), ""
    if request.method == "POST" and form.is_valid():
        try:
            _token, secret = create_token(actor=_account(request), **form.cleaned_data)
        except RefusedError as refused:
            form.add_error(None, str(refused.reason))
        else:
            form = TokenForm()
    held = ApiToken.objects.not_withdrawn().filter(account=_account(request))
    table = token_table(request, held, timezone.now())
    if table.export_format:
        return table.export("tokens")
    context = {
        "form": form, "secret": secret, "table": table,
        "crumbs": crumbs((_("Access tokens"), "")),
    }
    return page(request, "results/tokens.html", context)


@allow(may_see_detail, methods=("POST",), own_account=True)
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """Withdraw an own token."""
    token = get_object_or_404(ApiToken, pk=pk, account=_account(request))
    revoke_token(actor=_account(request), token=token)
    messages.success(request, _("The token is withdrawn and no longer works."))
    return redirect("open-data:tokens")


def _account(request: HttpRequest) -> Any:
    return request.user
