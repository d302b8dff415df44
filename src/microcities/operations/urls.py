"""Addresses of the operator's page."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from microcities.operations import views
from microcities.operations.rules import may_see_operations
from microcities.ui.shell import register_nav

app_name = "operations"
urlpatterns = [
    path("", views.operations, name="page"),
    path("jobs/<int:number>/<slug:verb>/", views.job, name="job"),
    path("restore-trial/", views.trial, name="trial"),
]

register_nav("main", _("Operations"), "operations:page", 90, rule=may_see_operations)
