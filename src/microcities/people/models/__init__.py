"""Rows of the one record: organisations, persons, accounts, matching."""

from microcities.people.models.accounts import Account, Membership
from microcities.people.models.invitations import FailedSignIn, Invitation
from microcities.people.models.matching import MatchCandidate, MatchState, Merge
from microcities.people.models.organisations import Organisation, OrganisationKind, Ownership
from microcities.people.models.persons import Consent, Guardianship, Person, Registration, Sex
from microcities.people.models.sessions import Session

__all__ = [
    "Account",
    "Consent",
    "FailedSignIn",
    "Guardianship",
    "Invitation",
    "MatchCandidate",
    "MatchState",
    "Membership",
    "Merge",
    "Organisation",
    "OrganisationKind",
    "Ownership",
    "Person",
    "Registration",
    "Session",
    "Sex",
]
