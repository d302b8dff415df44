"""Addresses of the privacy pages."""

from django.urls import path, re_path

from microcities.privacy.views import office_pages, open_pages, own_pages

app_name = "privacy"
urlpatterns = [
    path("", open_pages.notice, name="notice"),
    path("record/", open_pages.record, name="record"),
    path("mine/", own_pages.mine, name="mine"),
    re_path(r"^mine/data\.(?P<format>json|pdf)$", own_pages.download, name="download"),
    path("mine/ask/<slug:kind>/", own_pages.ask, name="ask"),
    path("wards/<uuid:reference>/", own_pages.mine, name="mine"),
    re_path(r"^wards/(?P<reference>[0-9a-f-]{36})/data\.(?P<format>json|pdf)$", own_pages.download, name="download"),
    path("wards/<uuid:reference>/ask/<slug:kind>/", own_pages.ask, name="ask"),
    path("looks/", own_pages.looks, name="looks"),
    path("looks/all/", office_pages.all_looks, name="all-looks"),
    path("requests/", office_pages.requests, name="requests"),
    path("requests/<int:number>/", office_pages.answer, name="request"),
    path("holds/", office_pages.holds, name="holds"),
    path("holds/new/", office_pages.new_hold, name="new-hold"),
    path("holds/<int:number>/end/", office_pages.end_hold, name="end-hold"),
    path("retention/", office_pages.retention, name="retention"),
    path("retention/clock/", office_pages.clock, name="clock"),
]
