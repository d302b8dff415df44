"""Addresses of applications."""

from django.urls import URLPattern, path

from microcities.summerjobs.views.applications import own, staff, wishes

APPLICATIONS: list[URLPattern] = [
    path("mine/", own.mine, name="mine"),
    path("<int:number>/apply/", own.apply, name="apply"),
    path("applications/<int:number>/", own.application, name="application"),
    path("applications/<int:number>/wishes/", wishes.wishes, name="application-wishes"),
    path("applications/<int:number>/groups/", own.groups, name="application-groups"),
    path("applications/<int:number>/documents/", own.documents, name="application-documents"),
    path("applications/<int:number>/send/", own.send, name="application-send"),
    path("applications/<int:number>/withdraw/", own.withdraw, name="application-withdraw"),
    path("applications/<int:number>/guardian/", own.word, name="application-word"),
    path("applications/<int:number>/parts/<slug:part>/", own.section, name="application-part"),
    path("application-documents/<int:number>/", own.document, name="application-document"),
    path("application-documents/<int:number>/remove/", own.document_remove, name="application-document-remove"),
    path("<int:number>/applications/", staff.applications, name="applications"),
    path("applications/<int:number>/check/", staff.check, name="application-check"),
    path("applications/<int:number>/confirm/", staff.confirm, name="application-confirm"),
    path("applications/<int:number>/missing/", staff.say, {"what": "missing"}, name="application-missing"),
    path("applications/<int:number>/refuse/", staff.say, {"what": "refuse"}, name="application-refuse"),
    path("group-claims/<int:number>/seen/", staff.group_seen, name="group-seen"),
]
