"""Addresses of accounts, members and guardians."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from microcities.people.rules import is_tied_to_a_person, may_invite
from microcities.people.views import consents, guardians, members, profile, sessions
from microcities.ui.shell import register_nav

app_name = "people"
urlpatterns = [
    path("me/", profile.profile, name="profile"),
    path("me/sessions/", sessions.sessions, name="sessions"),
    path("me/sessions/end/", sessions.end, name="end_session"),
    path("members/", members.member_list, name="members"),
    path("members/invite/", members.invite, name="invite"),
    path("members/<int:number>/end/", members.end, name="end_membership"),
    path("members/<int:number>/sign-out/", members.sign_out, name="sign_member_out"),
    path("invitations/<int:number>/withdraw/", members.revoke, name="revoke_invitation"),
    path("invitation/", members.invitation, name="invitation"),
    path("invitation/accept/", members.accept, name="accept_invitation"),
    path("invitation/<str:token>/", members.open_invitation, name="open_invitation"),
    path("family/", guardians.family, name="family"),
    path("family/<uuid:public_id>/", guardians.ward, name="ward"),
    path("family/<uuid:reference>/consents/", consents.consents, name="ward_consents"),
    path("family/<uuid:reference>/consents/<slug:code>/", consents.give, name="give_ward_consent"),
    path("consents/", consents.consents, name="consents"),
    path("consents/<slug:code>/give/", consents.give, name="give_consent"),
    path("consents/<int:number>/withdraw/", consents.withdraw, name="withdraw_consent"),
    path("guardians/<uuid:public_id>/", guardians.confirm, name="confirm_guardian"),
]

register_nav("main", _("Members"), "people:members", 70, rule=may_invite)
register_nav("account", _("My details"), "people:profile", 20)
register_nav("account", _("Consents and family"), "people:family", 30, rule=is_tied_to_a_person)
