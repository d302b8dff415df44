"""A person with a row in every table that tells of persons, a token in every text, and a search for them everywhere."""

import itertools
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import DateTimeRangeField
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection, models
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone

from microcities.people.models import Account, Person
from microcities.people.session_store import SessionStore
from microcities.privacy.declarations import OnErasure
from microcities.privacy.reach import rows_about
from microcities.privacy.walk import ACCOUNT, PERSON, about_person, models_about_person, personal_fields

TOKEN = "Qz7x"
_number = itertools.count(1000)
# Values that a table's own constraints ask for; whoever adds such a constraint adds them here.
ASKED_FOR: dict[str, dict[str, Any]] = {
    "results.ApiToken": {"scopes": ["results:read"]},
    "people.Consent": {"text": "I agree."},
    "events.Event": {
        "kind": "talk", "starts_at": datetime(2020, 1, 2, 10, tzinfo=UTC), "ends_at": datetime(2020, 1, 2, 11, tzinfo=UTC)
    },
    "careers.SchoolClass": {"school_year": 2019},
    "careers.SealedNote": {"disclosed_on": date(2020, 1, 2)},
    "careers.Interpretation": {"criterion": "5.1"},
    "careers.GuidanceTalk": {"offered_on": date(2020, 1, 2)},
    "summerjobs.Post": {"name": "Work", "tasks": "Work", "age_from": 13, "age_to": 19},
    "summerjobs.Application": {"checked_at": datetime(2020, 1, 2, 10, tzinfo=UTC)},
    "summerjobs.Draw": {"frozen_input": "{}", "frozen_sha256": sha256(b"{}").hexdigest()},
    "summerjobs.Placement": {
        "offered_at": datetime(2020, 1, 2, 10, tzinfo=UTC), "answer_by": datetime(2020, 1, 3, 10, tzinfo=UTC)
    },
    "summerjobs.Signature": {"how": "file"},
    "summerjobs.PaidWage": {"month": "2020-01"},
    "summerjobs.ClaimLine": {"month": "2020-01"},
}


def token() -> str:
    """A text that nothing else in the database can hold."""
    return f"{TOKEN}{next(_number)}"


def plant_person(**fields: Any) -> Person:
    """A person whose own texts are tokens."""
    person = Person(birth_on=date(1990, 7, 15), code_hash=token().encode(), **fields)
    plant(person)
    person.save()
    return person


def plant(row: models.Model) -> None:
    """Put a token into every declared text that erasure empties."""
    for field, declaration in personal_fields(type(row)):
        value = getattr(row, field.attname)
        if field.name == "password" or field.is_relation or declaration.on_erasure is OnErasure.KEEP:
            continue
        if isinstance(field, models.FileField):
            setattr(row, field.attname, default_storage.save(f"{token()}.txt", ContentFile(token().encode())))
        elif isinstance(field, models.EmailField):
            setattr(row, field.attname, f"{token().lower()}@example.org")
        elif isinstance(field, models.CharField | models.TextField):
            setattr(row, field.attname, token()[: field.max_length or 99])
        elif isinstance(field, models.JSONField) and not value:
            setattr(row, field.attname, [token()])
        elif isinstance(field, models.BinaryField) and not value:
            setattr(row, field.attname, token().encode())


def plant_everywhere(person: Person) -> list[models.Model]:
    """One planted row of each model that tells of persons, made by its required fields alone."""
    made: list[models.Model] = []
    for model in models_about_person():
        if model._meta.label not in (PERSON, ACCOUNT) and not _ties(model, person).exists():
            row = _make(model, person)
            made.append(row)
    return made


def _ties(model: Any, person: Person) -> Any:
    return rows_about(model, {person.pk})


def _make(model: Any, person: Person) -> models.Model:
    first, _dot, rest = about_person(model).path.partition(".")
    row = model(**ASKED_FOR.get(model._meta.label, {}))
    for field in model._meta.concrete_fields:
        if field.name == first:
            target = person if not rest else _target(field.related_model, person)
            setattr(row, field.name, target)
        elif field.choices and not _has_default(field) and not getattr(row, field.attname):
            setattr(row, field.name, field.choices[0][0])
        elif (
            not field.primary_key and getattr(row, field.attname) is None and not field.null and not _has_default(field)
        ):
            own = field.is_relation and field.related_model in models_about_person() and field.related_model is not Person
            # A row that is about the person too is the person's own: the database may hold the two together.
            setattr(row, field.attname, _target(field.related_model, person).pk if own else _filler(field, person))
    plant(row)
    row.save()
    return row


def _bare(model: Any, person: Person) -> models.Model:
    """A row of a table that tells of nobody, made by its required fields alone."""
    row = model(**ASKED_FOR.get(model._meta.label, {}))
    for field in model._meta.concrete_fields:
        if field.choices and not _has_default(field):
            setattr(row, field.name, field.choices[0][0])
        elif (
            not field.primary_key and getattr(row, field.attname) is None and not field.null and not _has_default(field)
        ):
            setattr(row, field.attname, _filler(field, person))
    if getattr(row, "name", None) == "":
        row.name = str(next(_number))  # some names are unique
    row.save()
    return row


def _has_default(field: Any) -> bool:
    return field.has_default() or field.has_db_default()


def _target(model: Any, person: Person) -> models.Model:
    found = _ties(model, person).first()
    return found or _make(model, person)


def _filler(field: Any, person: Person) -> Any:
    if field.is_relation:
        others = field.related_model._default_manager.order_by("-pk")
        if field.related_model is Person:
            others = others.exclude(pk=person.pk)
        return (others.first() or _bare(field.related_model, person)).pk
    fillers = {
        # The same for every field: a row with two of them asks that one holds the other.
        DateTimeRangeField: DateTimeTZRange(datetime(2020, 1, 2, 10, tzinfo=UTC), datetime(2020, 1, 2, 11, tzinfo=UTC)),
        models.DateTimeField: timezone.now() + timedelta(days=3),
        models.DateField: date(2020, 1, 2),
        models.DecimalField: 0.5,
        models.TimeField: time(9),
        models.IntegerField: 1,
        models.JSONField: {},
        models.BinaryField: b"x",
        models.BooleanField: False,
    }
    found = [value for kind, value in fillers.items() if isinstance(field, kind)]
    assert found, f"no filler for {field.model._meta.label}.{field.name}"
    return found[0]


def plant_account(person: Person) -> Account:
    """An account with everything that libraries keep for one."""
    from allauth.account.models import EmailAddress, EmailConfirmation
    from allauth.mfa.models import Authenticator
    from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken

    account = Account.objects.create_user(f"{token().lower()}@example.org", "long enough a password", person=person)
    address = EmailAddress.objects.create(user=account, email=account.email, verified=True, primary=True)
    EmailConfirmation.objects.create(email_address=address, key=token(), sent=timezone.now())
    Authenticator.objects.create(user=account, type="totp", data={"secret": token()})
    social = SocialAccount.objects.create(user=account, provider="latvija", uid=token(), extra_data={"name": token()})
    app = SocialApp.objects.create(provider="latvija", name="Latvija.lv", client_id="x")
    SocialToken.objects.create(app=app, account=social, token=token(), token_secret=token())
    session = SessionStore()
    session["_auth_user_id"] = str(account.pk)
    session["note"] = token()
    session.save()
    return account


def places_with(text: str) -> list[str]:
    """Every table, large object and stored file that holds a text, whatever the case of its letters."""
    needle = text.lower().encode()
    found = [table for table, content in _dump() if needle in content or needle.hex().encode() in content]
    root = Path(settings.STORAGES["default"]["OPTIONS"]["location"])
    files = [path for path in root.rglob("*") if path.is_file()] if root.exists() else []
    return found + [
        str(path) for path in files if needle in path.read_bytes().lower() or needle in str(path).lower().encode()
    ]


def _dump() -> Iterator[tuple[str, bytes]]:
    """(table, its rows as COPY writes them) for every table of every schema of ours, and each large object."""
    connection.ensure_connection()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT quote_ident(n.nspname) || '.' || quote_ident(c.relname) FROM pg_class c "
            "JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'm', 'p') "
            "AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname NOT LIKE 'pg_toast%'"
        )
        tables = [row[0] for row in cursor.fetchall()]
        for table in tables:
            with cursor.cursor.copy(f"COPY (SELECT * FROM {table}) TO STDOUT") as copy:
                yield table, b"".join(bytes(block) for block in copy).lower()
        cursor.execute("SELECT oid, lo_get(oid) FROM pg_largeobject_metadata")
        for oid, content in cursor.fetchall():
            yield f"large object {oid}", bytes(content).lower()
