"""Which column holds what: the fields a list can give, and the Latvian and English headings they are known by."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from microcities.spreadsheets.headings import places_of, plain


@dataclass(frozen=True, slots=True)
class ListField:
    """One thing a list can say. `part` is what it belongs to: person, registration, participation or nothing of these.

    headings: as `plain` makes them. reads: the kind of cell, as microcities.spreadsheets.cells names it.
    """

    key: str
    label: "str | Promise"
    part: str
    reads: str
    headings: tuple[str, ...]
    hint: "str | Promise" = ""


P, R, T = "person", "registration", "participation"
FIELDS: tuple[ListField, ...] = (
    ListField("given_name", _("given name"), P, "name",
              ("vards", "vardi", "first name", "given name", "firstname", "name", "forename", "skolena vards")),
    ListField("family_name", _("family name"), P, "name",
              ("uzvards", "last name", "family name", "surname", "lastname", "skolena uzvards")),
    ListField("full_name", _("given and family name in one column"), "", "name",
              ("vards uzvards", "vards un uzvards", "dalibnieks", "full name", "participant", "name and surname",
               "first name last name", "vards uzvards pilns"), _("the last word is the family name")),
    ListField("birth_on", _("date of birth"), P, "day",
              ("dzimsanas datums", "dzimsanas dat", "dzimsanas diena", "dzimis", "date of birth", "birth date",
               "birthdate", "birthday", "born", "dob")),
    ListField("personal_code", _("personal code"), "", "code",
              ("personas kods", "pers kods", "personas kods pk", "pk", "personal code", "national id", "person code",
               "personal identification number"), _("kept only as a keyed hash")),
    ListField("local_reference", _("your own reference"), R, "reference",
              ("nr", "kartas nr", "numurs", "dalibnieka nr", "skolena nr", "apliecibas nr", "reference", "our reference",
               "participant no", "student no", "id", "ieksejais nr", "matrikulas nr")),
    ListField("sex", _("sex"), P, "sex", ("dzimums", "sex", "gender")),
    ListField("email", _("e-mail"), P, "email",
              ("e pasts", "epasts", "e pasta adrese", "e mail", "email", "email address", "mail")),
    ListField("phone", _("telephone"), P, "phone",
              ("talrunis", "talr", "talruna nr", "talruna numurs", "mobilais", "mob", "phone", "telephone", "mobile",
               "phone number")),
    ListField("country", _("country of citizenship"), P, "country",
              ("valsts", "pilsoniba", "valstiska piederiba", "country", "citizenship", "nationality")),
    ListField("applied_on", _("applied"), T, "day",
              ("pieteicies", "pieteikuma datums", "pieteiksanas datums", "pieteikums", "applied", "applied on",
               "application date", "date of application")),
    ListField("started_on", _("started"), T, "day",
              ("sacis", "sakuma datums", "sakums", "no", "uzsacis", "uznemts", "started", "started on", "start",
               "start date", "from", "enrolled")),
    ListField("completed_on", _("completed"), T, "day",
              ("beidzis", "beigu datums", "beigas", "pabeidzis", "lidz", "absolvejis", "completed", "completed on",
               "end", "end date", "finished", "graduated", "until")),
    ListField("in_work_on", _("in work since"), T, "day",
              ("strada no", "sacis stradat", "darba no", "in work since", "in work", "employed on", "employed since")),
    ListField("dropped_out_on", _("dropped out"), T, "day",
              ("partraucis", "izstajies", "atskaitits", "dropped out", "dropped out on", "left", "withdrawn")),
    ListField("hours", _("hours"), T, "hours",
              ("stundas", "stundu skaits", "nostradatas stundas", "hours", "hours worked")),
    ListField("amount", _("amount, EUR"), T, "amount",
              ("summa", "summa eur", "alga", "atalgojums", "izmaksats", "amount", "amount eur", "sum", "wage", "paid")),
    ListField("funding", _("paid from"), "", "funding",
              ("finansejums", "finansejuma avots", "finansetajs", "funding", "funding source", "paid from", "source")),
    ListField("host", _("employer or host"), T, "host",
              ("darba devejs", "darba deveja reg nr", "darba deveja registracijas numurs", "uznemums", "prakses vieta",
               "uznemuma reg nr", "reg nr", "registracijas numurs", "employer", "host", "host reg no",
               "host registration number", "company", "employer registration number"),
              _("registration number, or the name as it stands here")),
    ListField("proof_reference", _("proof"), T, "reference",
              ("pieradijums", "ligums", "liguma nr", "dokuments", "proof", "contract", "contract no", "document")),
)
BY_KEY: Mapping[str, ListField] = {field.key: field for field in FIELDS}
_BY_HEADING = {heading: field.key for field in FIELDS for heading in field.headings}
# A person must be named, be told apart from others, and have taken part on some day.
NAMES = (("given_name", "family_name"), ("full_name",))
APART = ("birth_on", "personal_code", "local_reference", "email", "phone")
DAYS = ("applied_on", "started_on")


def recognise(header: Sequence[str]) -> dict[str, int]:
    """{field: place of its column} for every heading that is known; the first of two columns of one field counts."""
    return places_of(header, _BY_HEADING)


def signature(header: Sequence[str]) -> str:
    """The same for two lists whose headings are the same, in the same order."""
    return hashlib.sha256("\x1f".join(map(plain, header)).encode()).hexdigest()


def missing(mapping: Mapping[str, int]) -> list["str | Promise"]:
    """What the columns chosen still lack, one sentence each; empty when a list can be compared."""
    problems: list[str | Promise] = []
    if not any(all(key in mapping for key in names) for names in NAMES):
        problems.append(_("Say which columns hold the given name and the family name."))
    if not any(key in mapping for key in APART):
        problems.append(
            _("Say which column tells people of one name apart: date of birth, personal code, your own reference, "
              "e-mail or telephone.")
        )
    if not any(key in mapping for key in DAYS):
        problems.append(_("Say which column holds the day on which people applied or started."))
    return problems
