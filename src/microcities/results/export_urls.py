"""Addresses of files: `path("open-data/", include("microcities.results.export_urls"))`."""

from django.urls import path, re_path

from microcities.results import export_views, token_views

app_name = "open-data"
urlpatterns = [
    path("", export_views.open_data, name="index"),
    path("datapackage.json", export_views.package, name="package"),
    path("datapackage.zip", export_views.package_zip, name="zip"),
    path("results.pdf", export_views.current_pdf, name="pdf"),
    re_path(r"^(?P<name>results|breakdown)\.(?P<format>csv|xlsx)$", export_views.results_file, name="results"),
    re_path(r"^records/(?P<code>[-\w]+)\.(?P<format>csv|xlsx)$", export_views.rows_file, name="records"),
    re_path(r"^crossed/(?P<code>[-\w]+)\.(?P<format>csv|xlsx)$", export_views.crossed_file, name="crossed"),
    path("reports/<int:pk>/report.pdf", export_views.report_pdf, name="report-pdf"),
    re_path(
        r"^reports/(?P<pk>[0-9]+)/(?P<name>figures|rows|differences|restatements)\.(?P<format>csv|xlsx)$",
        export_views.report_file, name="report-file",
    ),
    path("tokens/", token_views.tokens, name="tokens"),
    path("tokens/<int:pk>/withdrawal/", token_views.revoke, name="token-revoke"),
]
