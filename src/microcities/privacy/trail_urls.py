"""Addresses of the trail's pages."""

from django.urls import path

from microcities.privacy.views import history_pages

app_name = "trail"
urlpatterns = [
    path("", history_pages.action_list, name="actions"),
    path("<slug:table>/<str:row_id>/", history_pages.row, name="row"),
]
