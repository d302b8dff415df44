"""How a model says which of its fields are personal, why they are kept and for how long.

Every first-party model has a class attribute `privacy`: `NoPersonalData(why)`, or `AboutPerson(path, impersonal=...)`
with each remaining field wrapped in `personal(...)`. A test walks all models and fails on a field without a declaration.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

FieldT = TypeVar("FieldT", bound=models.Field)


class Basis(StrEnum):
    """Legal bases of Article 6(1) GDPR."""

    CONSENT = "a"
    CONTRACT = "b"
    LEGAL_DUTY = "c"
    PUBLIC_TASK = "e"
    LEGITIMATE_INTEREST = "f"


BASIS_WORDS: dict[Basis, "str | Promise"] = {
    Basis.CONSENT: _("consent, Article 6(1)(a) GDPR"),
    Basis.CONTRACT: _("contract, Article 6(1)(b) GDPR"),
    Basis.LEGAL_DUTY: _("legal duty, Article 6(1)(c) GDPR"),
    Basis.PUBLIC_TASK: _("task in the public interest, Article 6(1)(e) GDPR"),
    Basis.LEGITIMATE_INTEREST: _("legitimate interest, Article 6(1)(f) GDPR"),
}


class Purpose(StrEnum):
    """What the platform needs personal data for; the words are in PURPOSE_WORDS."""

    IDENTIFY = "identify"
    CONTACT = "contact"
    SIGN_IN = "sign_in"
    PARTICIPATE = "participate"
    ACCOUNT_FOR = "account_for"
    PROTECT_MINORS = "protect_minors"
    SECURE = "secure"


PURPOSE_WORDS: dict[Purpose, "str | Promise"] = {
    Purpose.IDENTIFY: _("to know who a person is and count each person once"),
    Purpose.CONTACT: _("to reach a person about what they take part in"),
    Purpose.SIGN_IN: _("to let a person sign in safely"),
    Purpose.PARTICIPATE: _("to run the activity a person takes part in"),
    Purpose.ACCOUNT_FOR: _("to account for public money and prove reported results"),
    Purpose.PROTECT_MINORS: _("to protect children and involve their guardians"),
    Purpose.SECURE: _("to keep the platform secure and trace changes"),
}


class OnErasure(StrEnum):
    """What happens to the value when the person is erased."""

    BLANK = "blank"          # emptied: null, or the empty text
    KEEP = "keep"            # kept because it identifies nobody once the rest is gone (an amount, a date of attendance)
    COARSEN = "coarsen"      # a birth date becomes 1 January of its year
    DELETE_ROW = "delete"    # the whole row goes


@dataclass(frozen=True)
class PersonalField:
    """The declaration beside a field; `retention` names a clock of the rulebook `privacy.retention`."""

    purpose: Purpose
    basis: Basis
    retention: str
    on_erasure: OnErasure = OnErasure.BLANK
    in_export: bool = True


@dataclass(frozen=True)
class AboutPerson:
    """A model whose rows tell of a person. `path` leads from the row to the Person ("" when the row is one).

    `shared_with` are further ways from the row to a person whose data it is too: that person gets the row in the own
    export, and it is erased with either. Never derived from foreign keys alone: a counsellor's name beside a pupil's
    notes gives the counsellor no right to the notes.
    """

    path: str
    impersonal: tuple[str, ...] = ()
    shared_with: tuple[str, ...] = ()
    # The first-party table may keep a copy of the values in files; names of FileFields to delete on erasure.
    files: tuple[str, ...] = ()


@dataclass(frozen=True)
class NoPersonalData:
    """A model that tells of no person; `why` is for the reviewer."""

    why: str


def personal(
    field: FieldT,
    *,
    purpose: Purpose,
    basis: Basis = Basis.PUBLIC_TASK,
    retention: str = "programme",
    on_erasure: OnErasure = OnErasure.BLANK,
    in_export: bool = True,
) -> FieldT:
    """Declare a model field as personal data; returns the same field.

    `retention` is the id of a clock in the rulebook `privacy.retention`: `account`, `notice`, `programme`, `security`.
    """
    field.personal = PersonalField(purpose, basis, retention, on_erasure, in_export)  # type: ignore[attr-defined]
    return field
