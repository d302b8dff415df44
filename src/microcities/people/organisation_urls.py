"""Addresses of organisations and of who owns whom."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from microcities.people.rules import may_see_organisations
from microcities.people.views import organisations
from microcities.ui.shell import register_nav

app_name = "organisations"
urlpatterns = [
    path("", organisations.organisations, name="organisations"),
    path("new/", organisations.add, name="add"),
    path("<uuid:public_id>/", organisations.organisation, name="organisation"),
    path("<uuid:public_id>/change/", organisations.change, name="change"),
    path("<uuid:public_id>/owners/new/", organisations.record_owner, name="record_owner"),
    path("ownerships/<int:number>/end/", organisations.end_owner, name="end_owner"),
]

register_nav("main", _("Organisations"), "organisations:organisations", 47, rule=may_see_organisations)
