"""Reads the name identifiers with which Latvia's state sign-on (VISS VPM) and eIDAS name whoever signs in.

Forms of VPM (guidelines for integration with VISS, name identifiers of the module): a resident is `PK:<personal code>`,
an unconfirmed person an e-mail address, an institution's employee `AU:<institution>-PK:<personal code>`, whoever signs
for a company `PK:<personal code>-UR:<register number>`, a proxy `DP:...`. People from other EU countries come through
eIDAS and get a technical personal code of the population register, which has the form of a personal code. An eIDAS
`PersonIdentifier` is `<country of the person>/<country asked>/<identifier>`.

The module is pure: it knows no settings, and nothing it returns or raises shows a code in its representation.
"""

import re
from dataclasses import dataclass, field
from enum import StrEnum

SEPARATED_CODE = r"[0-9]{6}-?[0-9]{5}"
_RESIDENT = re.compile(rf"PK:(?P<code>{SEPARATED_CODE})", re.IGNORECASE)
_EMPLOYEE = re.compile(rf"AU:(?P<institution>[0-9A-Z_.]{{1,40}})-PK:(?P<code>{SEPARATED_CODE})", re.IGNORECASE)
_SIGNATORY = re.compile(rf"PK:(?P<code>{SEPARATED_CODE})-UR:(?P<register>[0-9]{{11}})", re.IGNORECASE)
_PROXY = re.compile(r"DP:.+", re.IGNORECASE)
_EIDAS = re.compile(r"(?P<country>[A-Z]{2})/[A-Z]{2}/(?P<code>[^/\s]{1,80})")
_EMAIL = re.compile(r"[^@\s:]+@[^@\s:]+\.[^@\s:]+")
LONGEST = 200


class Kind(StrEnum):
    """In which role somebody comes in."""

    RESIDENT = "resident"
    EMPLOYEE = "employee"
    SIGNATORY = "signatory"
    UNCONFIRMED = "unconfirmed"
    FOREIGNER = "foreigner"


class NameIdentifierError(ValueError):
    """The identifier has no known form; the message names the reason and never repeats the identifier."""


@dataclass(frozen=True)
class NameIdentifier:
    """Who signs in. `code` is the bare personal code, empty for an unconfirmed person; `repr` leaves it out."""

    kind: Kind
    code: str = field(default="", repr=False)
    country: str = "LV"
    institution: str = ""
    register_number: str = ""
    email: str = field(default="", repr=False)


def read_vpm(text: str) -> NameIdentifier:
    """The name identifier of a VPM assertion; raises NameIdentifierError.

    A proxy (`DP:`) is refused: it acts for another person, and the platform must not take one for the other.
    """
    text = text.strip()
    if len(text) > LONGEST:
        raise NameIdentifierError("the identifier is too long")
    if found := _SIGNATORY.fullmatch(text):
        return NameIdentifier(Kind.SIGNATORY, _digits(found["code"]), register_number=found["register"])
    if found := _EMPLOYEE.fullmatch(text):
        return NameIdentifier(Kind.EMPLOYEE, _digits(found["code"]), institution=found["institution"].upper())
    if found := _RESIDENT.fullmatch(text):
        return NameIdentifier(Kind.RESIDENT, _digits(found["code"]))
    if _PROXY.fullmatch(text):
        raise NameIdentifierError("a proxy cannot sign in for another person")
    if _EMAIL.fullmatch(text):
        return NameIdentifier(Kind.UNCONFIRMED, email=text.lower(), country="")
    raise NameIdentifierError("the identifier has no known form")


def read_eidas(text: str) -> NameIdentifier:
    """An eIDAS PersonIdentifier such as `EE/LV/...`; the first country says whose code it is."""
    found = _EIDAS.fullmatch(text.strip())
    if not found or len(text) > LONGEST:
        raise NameIdentifierError("the identifier is no eIDAS person identifier")
    return NameIdentifier(Kind.FOREIGNER, found["code"], country=found["country"])


def _digits(code: str) -> str:
    return code.replace("-", "")
