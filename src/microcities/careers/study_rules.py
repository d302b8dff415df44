"""Who says what places of study offer: their own people, and whoever coordinates the programme."""

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from microcities.access.answers import YES, Answer, no
from microcities.people.models import Organisation, OrganisationKind
from microcities.people.queries import OrganisationQuerySet
from microcities.people.roles import Permission

if TYPE_CHECKING:
    from microcities.people.models import Account

# What coordinators may enter programmes for; a firm that teaches enters its own.
PLACES_OF_STUDY = (OrganisationKind.SCHOOL, OrganisationKind.TECHNIKUM, OrganisationKind.UNIVERSITY)


def may_keep_studies(account: Any) -> Answer:
    """Whoever keeps the programmes of some place of study."""
    if account.is_authenticated and (account.may(Permission.MANAGE_CAREERS) or account.may(Permission.CONFIRM_RECORDS)):
        return YES
    return no(_("Study programmes are entered by the place of study or a coordinator of the programme."))


def may_keep_study(account: Any, organisation: Organisation) -> Answer:
    """Whether the account keeps the programmes of this place of study."""
    if not (answer := may_keep_studies(account)):
        return answer
    if organisation.pk in account.organisation_ids(Permission.MANAGE_CAREERS):
        return YES
    if account.may(Permission.CONFIRM_RECORDS) and organisation.kind in PLACES_OF_STUDY:
        return YES
    return no(_("This is another place of study. Its programmes are entered by its own people or a coordinator."))


def places_of(account: "Account") -> OrganisationQuerySet:
    """Organisations whose programmes the account keeps."""
    own = Organisation.objects.of_account(account, Permission.MANAGE_CAREERS)
    if account.may(Permission.CONFIRM_RECORDS):
        return own | Organisation.objects.filter(kind__in=PLACES_OF_STUDY)
    return own
