"""Addresses: Latvian at the root, English under /en/; one include per app."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import URLPattern, URLResolver, include, path

from microcities.access.guards import public
from microcities.notices.urls import work
from microcities.ui.views import gallery

handler400 = "microcities.ui.errors.bad_request"
handler403 = "microcities.ui.errors.permission_denied"
handler404 = "microcities.ui.errors.not_found"
handler500 = "microcities.ui.errors.server_error"


urlpatterns: list[URLPattern | URLResolver] = [
    path("i18n/", include("django.conf.urls.i18n")),
    path("api/v1/", include("microcities.results.api_urls")),
]
urlpatterns += i18n_patterns(
    path("", include("microcities.programme.urls")),
    path("design/", public(gallery), name="design"),
    path("rules/", include("microcities.rulebooks.urls")),
    path("accounts/", include("allauth.urls")),
    path("people/", include("microcities.people.urls")),
    path("persons/", include("microcities.people.person_urls")),
    path("organisations/", include("microcities.people.organisation_urls")),
    path("", include("microcities.participation.urls")),
    path("events/", include("microcities.events.urls")),
    path("careers/", include("microcities.careers.urls")),
    path("summer/", include("microcities.summerjobs.urls")),
    path("notices/", include("microcities.notices.urls")),
    path("decisions/", include("microcities.decisions.urls")),
    path("privacy/", include("microcities.privacy.urls")),
    path("trail/", include("microcities.privacy.trail_urls")),
    path("work/", include(work)),
    path("operations/", include("microcities.operations.urls")),
    path("results/", include("microcities.results.urls")),
    path("open-data/", include("microcities.results.export_urls")),
    prefix_default_language=False,
)
