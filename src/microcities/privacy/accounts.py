"""The rows of libraries that belong to an account, and its sessions: found, shown and removed together with it."""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import models
from django.utils import timezone

from microcities.privacy.outside import OUTSIDE, OutsideTable

SESSION = "people.Session"


def accounts_of(persons: set[Any]) -> set[Any]:
    """Numbers of the accounts of these persons."""
    model: Any = apps.get_model(settings.AUTH_USER_MODEL)
    return set(model.objects.filter(person_id__in=persons).values_list("pk", flat=True))


def outside_rows(accounts: set[Any]) -> "Iterator[tuple[OutsideTable, models.QuerySet[Any]]]":
    """(declaration, rows) of each library's table whose rows belong to these accounts; dependants come first."""
    tables = [(label, table) for label, table in OUTSIDE.items() if table.account]
    for label, table in sorted(tables, key=lambda pair: -pair[1].account.count("__")):
        model: Any = apps.get_model(label)
        yield table, model._default_manager.filter(**{f"{table.account}__in": accounts}).order_by("pk")


def close_accounts(accounts: set[Any]) -> None:
    """Make these accounts unusable and nameless; the rows stay, so that the trail still knows which role acted.

    Their roles end today, their sessions, second factors, addresses and provider links are gone.
    """
    if not accounts:
        return
    session: Any = apps.get_model(SESSION)
    session.objects.filter(account_id__in=accounts).delete()
    for _table, rows in outside_rows(accounts):
        rows.delete()
    today = timezone.localdate()
    membership: Any = apps.get_model("people.Membership")
    open_roles = membership.objects.filter(account_id__in=accounts).filter(
        models.Q(valid_to__isnull=True) | models.Q(valid_to__gt=today)
    )
    open_roles.update(valid_to=models.functions.Greatest("valid_from", models.Value(today)))
    account: Any = apps.get_model(settings.AUTH_USER_MODEL)
    account.objects.filter(pk__in=accounts).update(
        is_active=False, password=make_password(None), last_login=None, email=nameless_email()
    )


def nameless_email() -> Any:
    """An address that reaches nobody and is still unique, as the sign-in needs it."""
    number = models.functions.Cast("pk", models.CharField())
    return models.functions.Concat(models.Value("erased-"), number, models.Value("@erased.invalid"))
