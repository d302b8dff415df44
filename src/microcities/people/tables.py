"""The tables of members and invitations: who holds which role, who is invited, and what may be done about it."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from microcities.database.expressions import LatvianKey
from microcities.people.models import Invitation, Membership
from microcities.people.roles import ROLES
from microcities.ui.components import StatusKind, status
from microcities.ui.deeds import deed
from microcities.ui.filters import ChoiceFilter, TextFilter
from microcities.ui.numbers import format_day
from microcities.ui.tables import Column, Table


def _roles() -> list[tuple[str, str | Promise]]:
    return [(slug, role.name) for slug, role in ROLES.items()]


def member_table(request: HttpRequest, rows: QuerySet[Membership]) -> Table:
    """Roles in force today; each can be ended with a reason."""

    def name(row: Membership) -> SafeString | str:
        if row.account.person is None:
            return row.account.name
        return format_html('{}<br><span class="hint">{}</span>', row.account.name, row.account.email)

    def end(row: Membership) -> str:
        return render_to_string("people/end_role.html", {"membership": row, "role": ROLES[row.role].name}, request)

    columns = [
        Column("name", _("Name"), value="account.name", cell=name, heading=True,
               order_by=(LatvianKey("account__person__family_name"), LatvianKey("account__email")),
               filter=TextFilter("account__email__icontains", _("E-mail"))),
        Column("email", _("E-mail"), value="account.email", on_screen=False),
        Column("role", _("Role"), value=lambda row: ROLES[row.role].name, order_by="role",
               filter=ChoiceFilter("role", choices=_roles())),
        Column("organisation", _("Organisation"), value=lambda row: str(row.organisation),
               order_by=LatvianKey("organisation__name")),
        Column("valid_to", _("Until"), order_by="valid_to",
               cell=lambda row: format_day(row.valid_to) if row.valid_to else _("no end")),
        Column("end", _("Action"), cell=end, in_file=False),
    ]
    return Table(
        rows=rows, columns=columns, params=request.GET, caption=_("Roles in force today"), default_sort="organisation",
        tie_break=("role", "account__email", "pk"), empty=_("Nobody holds a role"), empty_hint=_("Invite the first member."),
    )


def invitation_table(request: HttpRequest, rows: QuerySet[Invitation]) -> Table:
    """Invitations that nobody has answered; each can be withdrawn."""
    now = timezone.now()
    words: dict[str, tuple[str, StatusKind]] = {
        "old": (_("too old"), "warning"), "sent": (_("sent"), "good"), "waiting": (_("being sent"), "info"),
    }

    def state(row: Invitation) -> str:
        return "old" if not row.is_open_at(now) else "sent" if row.sent_at else "waiting"

    def withdraw(row: Any) -> SafeString:
        return deed(request, _("Withdraw"), href=reverse("people:revoke_invitation", args=[row.pk]), about=row.email)

    columns = [
        Column("email", _("E-mail"), order_by="email", heading=True, filter=TextFilter("email__icontains")),
        Column("role", _("Role"), value=lambda row: f"{ROLES[row.role].name}, {row.organisation}", order_by="role",
               filter=ChoiceFilter("role", choices=_roles())),
        Column("state", _("State"), value=state, cell=lambda row: status(*words[state(row)]),
               export=lambda row: words[state(row)][0]),
        Column("expires_at", _("Open until"), order_by="expires_at"),
        Column("withdraw", _("Action"), cell=withdraw, in_file=False),
    ]
    return Table(
        rows=rows, columns=columns, params=request.GET, caption=_("Invitations without an answer"), name="invitations",
        headed=True, default_sort="expires_at", empty=_("Nobody is invited at the moment"),
    )
