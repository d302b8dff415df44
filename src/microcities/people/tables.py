"""The tables of members, invitations and organisations: what columns they have and what may be done about a row."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, QueryDict
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from microcities.database.collation import search_key
from microcities.database.expressions import LatvianKey
from microcities.people.models import Invitation, Membership, Organisation, OrganisationKind, Ownership
from microcities.people.places import place_names
from microcities.people.queries import ORGANISATION_KEY
from microcities.people.roles import ROLES
from microcities.people.sizes import size_of
from microcities.ui.components import StatusKind, status
from microcities.ui.deeds import deed
from microcities.ui.filters import ChoiceFilter, SearchFilter, TextFilter
from microcities.ui.numbers import format_day
from microcities.ui.tables import Column, Table, worded


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


def _named(rows: QuerySet[Organisation], text: str) -> QuerySet[Organisation]:
    """Organisations in whose name, in either language, the text stands, with or without diacritics."""
    return rows.alias(key=ORGANISATION_KEY).filter(key__contains=search_key(text))


def _size(row: Organisation) -> str:
    return size.name if (size := size_of(row)) else ""


def organisation_table(rows: QuerySet[Organisation], params: QueryDict) -> Table:
    """Organisations: what each is, where, and how large."""
    places = place_names()
    columns = [
        Column("name", _("Organisation"), order_by=LatvianKey("name"), heading=True, filter=TextFilter(_named),
               link=lambda row: reverse("organisations:organisation", args=[row.public_id])),
        Column("name_en", _("Name in English"), on_screen=False),
        Column("kind", _("Kind"), value=worded(OrganisationKind, "kind"), order_by="kind",
               filter=ChoiceFilter("kind", choices=OrganisationKind.choices)),
        Column("registration_number", _("Registration number"), order_by="registration_number",
               filter=TextFilter("registration_number__startswith")),
        Column("country", _("Country"), on_screen=False),
        Column("economic_code", _("Economic activity (NACE)"), on_screen=False),
        Column("place", _("Place"), value=lambda row: places.get(row.place, row.place), order_by=LatvianKey("place"),
               filter=SearchFilter("place")),
        Column("size", _("Size"), value=_size, order_by="employees"),
        Column("employees", _("Employees"), on_screen=False),
        Column("employees_on", _("Employees counted on"), on_screen=False),
        Column("website", _("Website"), link=lambda row: row.website, order_by="website"),
    ]
    return Table(
        rows=rows, columns=columns, params=params, caption=_("Organisations"), default_sort="name",
        empty=_("No organisation is on record yet"),
        empty_hint=_("Add employers, applicants and schools here; a list of participants then finds them by name."),
    )


def owner_table(rows: QuerySet[Ownership], params: QueryDict, *, may_end: bool, sees_trail: bool) -> Table:
    """Who owns an organisation, with what this reader may do about it."""

    def link(row: Ownership, href: str, words: str) -> SafeString:
        return format_html('<a href="{}">{}<span class="visually-hidden">: {}</span></a>', href, words, row.owner)

    def end(row: Ownership) -> SafeString | str:
        held = row.valid_to is None
        return link(row, reverse("organisations:end_owner", args=[row.pk]), _("End the share")) if held else ""

    def history(row: Ownership) -> SafeString:
        return link(row, reverse("trail:row", args=["people_ownership", row.pk]), _("History"))

    columns = _share_columns("owner", _("Owner"))
    if may_end:
        columns.append(Column("end", _("Action"), cell=end, in_file=False))
    if sees_trail:
        columns.append(Column("history", _("History"), cell=history, in_file=False))
    return Table(
        rows=rows.select_related("owner"), columns=columns, params=params, caption=_("Owners"), name="owners", headed=True,
        default_sort="-valid_from", empty=_("No owner is on record"),
    )


def owned_table(rows: QuerySet[Ownership], params: QueryDict) -> Table:
    """What an organisation owns."""
    return Table(
        rows=rows.select_related("owned"), columns=_share_columns("owned", _("Organisation")), params=params,
        caption=_("Owns"), name="owned", headed=True, default_sort="-valid_from",
        empty=_("It owns no other organisation on record"),
    )


def _share_columns(side: str, label: str) -> list[Column]:
    def address(row: Ownership) -> str:
        return reverse("organisations:organisation", args=[getattr(row, side).public_id])

    return [
        Column(side, label, value=lambda row: str(getattr(row, side)), order_by=LatvianKey(f"{side}__name"), heading=True,
               link=address),
        Column("share_percent", _("Share"), order_by="share_percent", numeric=True, unit="%", decimals=2),
        Column("valid_from", _("From"), order_by="valid_from"),
        Column("valid_to", _("To"), order_by="valid_to",
               cell=lambda row: format_day(row.valid_to) if row.valid_to else _("no end")),
    ]
