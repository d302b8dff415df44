"""An account gets its person, and a person their language: by name, by invitation or by an identity provider."""

from datetime import date

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password

from microcities.people.models import Account, Person
from microcities.trail.context import Actor, change


def open_account(*, actor: Actor, email: str, encoded_password: str = "", language: str = "lv") -> Account:
    """Open an account whose address is taken as proven: for set-up and the demo. Others sign up and prove theirs.

    encoded_password: as django's `make_password` gives it; without one the person sets it by e-mail.
    """
    with change("people.open_account", actor=actor):
        address = Account.objects.normalize_email(email).lower()
        account = Account.objects.create(
            email=address, password=encoded_password or make_password(None), language=language
        )
        EmailAddress.objects.create(user=account, email=address, verified=True, primary=True)
    return account


def name_person(
    *, actor: Actor, account: Account, given_name: str, family_name: str, birth_on: date | None, language: str
) -> Person:
    """Tie a new person of this name to an account that has none; correct the details of the one it has.

    Whether the person is known already under another record is decided later, by people, from match candidates.
    """
    with change("people.name_person", actor=actor):
        account = Account.objects.select_for_update().get(pk=account.pk)
        person = account.person or Person(email=account.email)
        person.given_name, person.family_name = given_name, family_name
        person.birth_on, person.language = birth_on, language
        person.save()
        account.person, account.language = person, language
        account.save(update_fields=["person", "language"])
    return person


def remember_identity(
    *, actor: Actor, account: Account, code_hash: bytes | None, given_name: str, family_name: str
) -> Person | None:
    """Tie an account to the person an identity provider vouches for; returns the account's person.

    The provider's personal code decides: a current person with this hash and no account becomes the account's, a
    person of the account without a hash gets it. Two persons with one code are left for the matching of persons.
    """
    with change("people.remember_identity", actor=actor):
        account = Account.objects.select_for_update().get(pk=account.pk)
        known = Person.objects.current().filter(code_hash=code_hash).first() if code_hash else None
        if account.person is not None:
            if code_hash and known is None and account.person.code_hash is None:
                account.person.code_hash = code_hash
                account.person.save(update_fields=["code_hash"])
            return account.person
        if known is not None and Account.objects.filter(person=known).exists():
            return None
        if known is None and not (given_name or family_name):
            return None
        account.person = known or Person.objects.create(
            given_name=given_name, family_name=family_name, code_hash=code_hash, email=account.email,
            language=account.language,
        )
        account.save(update_fields=["person"])
        return account.person


def account_of_code(code_hash: bytes) -> Account | None:
    """The open account of the current person with this hash of a personal code."""
    return Account.objects.filter(
        person__code_hash=code_hash, person__merged_into__isnull=True, person__erased_at__isnull=True
    ).first()
