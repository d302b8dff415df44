"""Declares the personal data in tables that cannot declare themselves: those of libraries and of the trail."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from microcities.privacy.declarations import Basis, OnErasure, PersonalField, Purpose

# Names of the personal fields below, because libraries name them in their own language only.
LABELS: dict[str, "str | Promise"] = {
    "email": _("e-mail"),
    "verified": _("verified"),
    "primary": _("main address"),
    "key": _("confirmation key"),
    "created": _("made at"),
    "sent": _("sent at"),
    "type": _("kind"),
    "data": _("secret"),
    "created_at": _("made at"),
    "last_used_at": _("last used at"),
    "provider": _("identity provider"),
    "uid": _("identifier at the provider"),
    "last_login": _("last sign-in"),
    "date_joined": _("joined"),
    "extra_data": _("what the provider sent"),
    "token": _("token"),
    "token_secret": _("token secret"),
    "args": _("numbers of rows"),
    "actor_id": _("account"),
    "reason": _("reason"),
    "old": _("former values"),
    "salt": _("salt of the digests"),
    "person_id": _("person"),
    "what": _("what was shown"),
}


@dataclass(frozen=True)
class OutsideTable:
    """One table. `account` leads from a row to the account as a lookup; rows found by it go with the account.

    Without `account` no row belongs to one account, and `why` says what protects the data instead.
    """

    name: "str | Promise" = ""
    fields: Mapping[str, PersonalField] = field(default_factory=dict)
    impersonal: tuple[str, ...] = ()
    account: str = ""
    why: str = ""

    def label(self, name: str) -> "str | Promise":
        """The name of a field for people."""
        return LABELS[name]


def _sign_in(*, in_export: bool = True) -> PersonalField:
    return PersonalField(Purpose.SIGN_IN, Basis.CONTRACT, "account", OnErasure.DELETE_ROW, in_export)


def _secure(on_erasure: OnErasure = OnErasure.KEEP) -> PersonalField:
    return PersonalField(Purpose.SECURE, Basis.LEGAL_DUTY, "security", on_erasure, in_export=False)


# By Django label. Secrets are not exported: whoever holds them could sign in.
OUTSIDE: dict[str, OutsideTable] = {
    "auth.Permission": OutsideTable(impersonal=("id", "name", "content_type", "codename"), why="names of permissions"),
    "auth.Group": OutsideTable(impersonal=("id", "name"), why="not used: roles are code"),
    "auth.Group_permissions": OutsideTable(impersonal=("id", "group", "permission"), why="not used: roles are code"),
    "contenttypes.ContentType": OutsideTable(impersonal=("id", "app_label", "model"), why="names of tables"),
    "account.EmailAddress": OutsideTable(
        name=_("e-mail addresses of accounts"),
        fields={"email": _sign_in(), "verified": _sign_in(), "primary": _sign_in()},
        impersonal=("id", "user"),
        account="user",
    ),
    "account.EmailConfirmation": OutsideTable(
        name=_("confirmations of e-mail addresses"),
        fields={"key": _sign_in(in_export=False), "created": _sign_in(), "sent": _sign_in()},
        impersonal=("id", "email_address"),
        account="email_address__user",
    ),
    "mfa.Authenticator": OutsideTable(
        name=_("second factors"),
        fields={
            "type": _sign_in(),
            "data": _sign_in(in_export=False),
            "created_at": _sign_in(),
            "last_used_at": _sign_in(),
        },
        impersonal=("id", "user"),
        account="user",
    ),
    "socialaccount.SocialApp": OutsideTable(
        impersonal=("id", "provider", "provider_id", "name", "client_id", "secret", "key", "settings"),
        why="the identity providers of this installation",
    ),
    "socialaccount.SocialAccount": OutsideTable(
        name=_("sign-ins through identity providers"),
        fields={
            "provider": _sign_in(),
            "uid": _sign_in(),
            "last_login": _sign_in(),
            "date_joined": _sign_in(),
            "extra_data": _sign_in(),
        },
        impersonal=("id", "user"),
        account="user",
    ),
    "socialaccount.SocialToken": OutsideTable(
        name=_("tokens of identity providers"),
        fields={"token": _sign_in(in_export=False), "token_secret": _sign_in(in_export=False)},
        impersonal=("id", "app", "account", "expires_at"),
        account="account__user",
    ),
    "procrastinate.ProcrastinateJob": OutsideTable(
        name=_("background work"),
        fields={"args": _secure(OnErasure.KEEP)},
        impersonal=(
            "id",
            "queue_name",
            "task_name",
            "priority",
            "lock",
            "status",
            "scheduled_at",
            "attempts",
            "queueing_lock",
            "abort_requested",
            "worker",
        ),
        why="a job's arguments are numbers of rows, never names or addresses",
    ),
    "procrastinate.ProcrastinateEvent": OutsideTable(impersonal=("id", "job", "type", "at"), why="states of jobs"),
    "procrastinate.ProcrastinateWorker": OutsideTable(impersonal=("id", "last_heartbeat"), why="processes"),
    "procrastinate.ProcrastinatePeriodicDefer": OutsideTable(
        impersonal=("id", "task_name", "defer_timestamp", "job", "periodic_id"), why="timetable of jobs"
    ),
    "database.Upkeep": OutsideTable(
        impersonal=("id", "kind", "at", "good", "facts"), why="the machinery's notes: numbers, names of files and errors"
    ),
    "trail.Action": OutsideTable(
        name=_("actions"),
        fields={"actor_id": _secure(), "reason": _secure()},
        impersonal=("id", "at", "verb", "system", "request_id", "part_of_id", "entry_hash"),
        why="who did what; a number stays that points to an unreadable record once the person is erased",
    ),
    "trail.Change": OutsideTable(
        name=_("history of changes"),
        fields={"old": _secure(OnErasure.BLANK), "salt": _secure(OnErasure.BLANK)},
        impersonal=(
            "id",
            "at",
            "action_id",
            "table_name",
            "row_id",
            "operation",
            "digest",
            "old_digest",
            "entry_hash",
        ),
        why="former values are forgotten with the person, the digests stay so that the chain verifies",
    ),
    "trail.Look": OutsideTable(
        name=_("log of looks"),
        fields={"person_id": _secure(), "actor_id": _secure(), "reason": _secure(), "what": _secure()},
        impersonal=("id", "at", "request_id", "address", "entry_hash"),
        why="who opened whose record; the export and the page of looks show it to the person",
    ),
    "trail.Seal": OutsideTable(
        impersonal=("id", "at", "stream", "first_id", "last_id", "entries", "previous_hash", "hash"),
        why="links of the hash chain",
    ),
    "trail.TracedTable": OutsideTable(impersonal=("table_name", "signature"), why="columns of tables"),
}

# Tables that no model stands for. Every other table of the database must belong to a model.
WITHOUT_MODEL = frozenset({"django_migrations", "procrastinate_periodic_defers", "procrastinate_workers"})
