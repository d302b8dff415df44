"""What the actions and looks of this app are called on the pages of the trail."""

from django.utils.translation import gettext_lazy as _

from microcities.privacy.rules import may_see_trail
from microcities.trail.reading import name_verb, presented

VERBS = {
    "people.open_account": _("opened an account"),
    "people.name_person": _("entered the name of an account's person"),
    "people.remember_identity": _("noted who somebody is by an identity provider"),
    "people.add_organisation": _("added an organisation"),
    "people.change_organisation": _("changed an organisation"),
    "people.record_ownership": _("recorded who owns an organisation"),
    "people.end_ownership": _("ended an ownership"),
    "people.invite_member": _("invited somebody into a role"),
    "people.send_invitation": _("sent an invitation"),
    "people.revoke_invitation": _("withdrew an invitation"),
    "people.accept_invitation": _("accepted an invitation"),
    "people.give_first_role": _("gave a role at the set-up"),
    "people.end_membership": _("ended a role"),
    "people.confirm_guardian": _("confirmed a guardian"),
    "people.end_guardianship": _("ended a guardianship"),
    "people.end_guardianships_of_adults": _("ended the guardianships of those who have come of age"),
    "people.give_consent": _("gave a consent"),
    "people.withdraw_consent": _("withdrew a consent"),
    "people.end_sessions": _("ended open sign-ins"),
    "people.end_sessions_of_member": _("signed a member out everywhere"),
    "people.ward": _("a guardian's page about a child"),
    "people.consents": _("consents of a child"),
}

for verb, words in VERBS.items():
    name_verb(verb, words)
# Of organisations there is nothing to hide, but a history names who changed them.
for model in ("Organisation", "Ownership"):
    presented(f"people.{model}", rule=lambda account, _row: may_see_trail(account))
