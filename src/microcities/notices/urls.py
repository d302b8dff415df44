"""Addresses of notices, and of My work, which has a short one of its own."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from microcities.access.guards import signed_in
from microcities.notices import views
from microcities.ui.shell import register_nav

app_name = "notices"
urlpatterns = [
    path("", views.notice_list, name="list"),
    path("read/", views.read_notices, name="read"),
    path("e-mail/", views.preferences, name="preferences"),
    path("unsubscribe/<str:token>/", views.unsubscribe, name="unsubscribe"),
]
# For urls.py: path("work/", include(work)).
work = ([path("", views.my_work, name="list")], "work")

register_nav("main", _("My work"), "work:list", 10, rule=signed_in)
register_nav("account", _("Notices"), "notices:list", 10)
