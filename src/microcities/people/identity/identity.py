"""What is left of a provider's answer: names, an e-mail, and hashes in place of numbers that name a person."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from microcities.people.codes import CodeError, code_hash, keyed_hash
from microcities.people.name_identifiers import NameIdentifierError, read_eidas, read_vpm


class IdentityError(Exception):
    """The provider's answer names nobody the platform can know; the message repeats nothing of it."""


@dataclass(frozen=True)
class Identity:
    """`uid` is stable for one person at one provider; `code_hash` (hex, or empty) is the person's everywhere."""

    uid: str
    code_hash: str = ""
    given_name: str = ""
    family_name: str = ""
    email: str = ""
    email_verified: bool = False

    def as_data(self) -> dict[str, Any]:
        """What a session may hold while somebody finishes signing up."""
        return asdict(self)


def identity_from(identifier: str, names_people_by: str, fields: Mapping[str, Any], *, provider: str) -> Identity:
    """The identity behind a provider's identifier; `fields` may hold given_name, family_name, email, email_verified.

    `names_people_by` is vpm, eidas or opaque (see people.providers). Raises IdentityError.
    """
    email = str(fields.get("email") or "")
    if names_people_by == "opaque":
        uid, code = f"id-{keyed_hash(provider, identifier).hex()}", ""
    else:
        try:
            named = read_vpm(identifier) if names_people_by == "vpm" else read_eidas(identifier)
            code = code_hash(named.code, named.country, attested=True).hex() if named.code else ""
        except (NameIdentifierError, CodeError) as error:
            raise IdentityError(str(error)) from None
        email = email or named.email
        uid = f"pk-{code}" if code else f"mail-{keyed_hash(provider, named.email).hex()}"
    return Identity(
        uid=uid,
        code_hash=code,
        given_name=str(fields.get("given_name") or "")[:120],
        family_name=str(fields.get("family_name") or "")[:120],
        email=email,
        email_verified=fields.get("email_verified") is True,
    )
