"""Loads persons for the search of doubles, and answers who may decide which pair."""

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import connection, models
from django.db.models import Q

from microcities.people.matching.names import words_of
from microcities.people.matching.scoring import Record, email_key, phone_key
from microcities.people.roles import Permission

if TYPE_CHECKING:
    from microcities.people.models import Account, MatchCandidate

# Whoever applies a list, merges or registers a person by a code holds this lock until the commit, so that nobody else
# makes the same person a second time in the meantime.
LOCK = "SELECT pg_advisory_xact_lock(hashtext('microcities.people.matching'))"
# A merged record still tells who somebody is: it is known under the number of the person it was merged into.
KNOWN = """
    SELECT coalesce(p.merged_into_id, p.id), p.given_name, p.family_name, p.birth_on, p.sex, p.email, p.phone,
           p.code_hash, r.id IS NOT NULL, coalesce(r.local_reference, '')
    FROM people_person AS p
         LEFT JOIN people_registration AS r
             ON r.person_id = coalesce(p.merged_into_id, p.id) AND r.organisation_id = %s
    WHERE p.erased_at IS NULL
    ORDER BY p.id
"""
CHUNK = 5000
SEXES = {"female", "male", "other"}


def lock_matching() -> None:
    """Wait until nobody else is making persons, and keep the others waiting until this transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(LOCK)


def known_records(organisation_id: int) -> Iterator[Record]:
    """Every person as the search needs them; `own` are those whom the organisation knows."""
    with connection.cursor() as cursor:
        cursor.execute(KNOWN, [organisation_id])
        while rows := cursor.fetchmany(CHUNK):
            for row in rows:
                yield _record(*row)


def _record(
    key: int, given: str, family: str, birth_on: date | None, sex: str, email: str, phone: str, code: Any, own: bool,
    reference: str,
) -> Record:
    return Record(
        key=key,
        given=words_of(given),
        family=words_of(family),
        birth_on=birth_on,
        sex=sex if sex in SEXES else "",
        email=email_key(email),
        phone=phone_key(phone),
        code=bytes(code) if code is not None else None,
        reference=reference,
        own=own,
    )


class MatchCandidateQuerySet(models.QuerySet["MatchCandidate"]):
    """Pairs that may be one person."""

    def open(self) -> "MatchCandidateQuerySet":
        """Pairs that wait for a decision and whose records both still stand."""
        return self.filter(
            state="open",
            first__merged_into__isnull=True, second__merged_into__isnull=True,
            first__erased_at__isnull=True, second__erased_at__isnull=True,
        )

    def decidable_by(self, account: "Account") -> "MatchCandidateQuerySet":
        """Pairs of which the account sees both persons and holds the right to decide."""
        if not account.may(Permission.DECIDE_MATCHES):
            return self.none()
        if account.may(Permission.SEE_ALL_PEOPLE):
            return self
        organisations = account.organisation_ids(Permission.DECIDE_MATCHES)
        return self.filter(_registered("first", organisations), _registered("second", organisations)).distinct()


def _registered(person: str, organisation_ids: list[int]) -> Q:
    return Q(**{f"{person}__registrations__organisation_id__in": organisation_ids})
