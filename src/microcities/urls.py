"""Addresses: Latvian at the root, English under /en/; one include per app."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path

from microcities.notices.urls import work

handler400 = "microcities.ui.errors.bad_request"
handler403 = "microcities.ui.errors.permission_denied"
handler404 = "microcities.ui.errors.not_found"
handler500 = "microcities.ui.errors.server_error"


urlpatterns = [
    path("i18n/", include("django.conf.urls.i18n")),
]
urlpatterns += i18n_patterns(
    path("rules/", include("microcities.rulebooks.urls")),
    path("accounts/", include("allauth.urls")),
    path("people/", include("microcities.people.urls")),
    path("notices/", include("microcities.notices.urls")),
    path("work/", include(work)),
    prefix_default_language=False,
)
