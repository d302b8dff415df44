"""Addresses of agreements."""

from django.urls import URLPattern, path

from microcities.summerjobs.views.agreements import agreements as views

AGREEMENTS: list[URLPattern] = [
    path("<int:number>/agreements/", views.agreements, name="agreements"),
    path("placements/<uuid:number>/agreement/", views.agreement, name="agreement"),
    path("placements/<uuid:number>/agreement/make/", views.make, name="agreement-make"),
    path("placements/<uuid:number>/agreement/medical/", views.medical, name="agreement-medical"),
    path("placements/<uuid:number>/agreement/<slug:party>/sign/", views.sign, name="agreement-sign"),
    path("placements/<uuid:number>/agreement/<slug:party>/take-back/", views.take_back, name="agreement-take-back"),
    path("placements/<uuid:number>/agreement/<slug:party>/file/", views.bring, name="agreement-file-new"),
    path("agreement-files/<int:number>/", views.signed_file, name="agreement-file"),
]
