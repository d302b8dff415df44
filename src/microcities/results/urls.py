"""Addresses of results: `path("results/", include("microcities.results.urls"))`."""

from django.urls import path

from microcities.results.views import (
    changes,
    crossing,
    evidence,
    observations,
    overview,
    publications,
    reports,
    samples,
    targets,
)

app_name = "results"
urlpatterns = [
    path("", overview.overview, name="overview"),
    path("cities/", overview.compare_cities, name="compare"),
    path("changes/", changes.change_list, name="changes"),
    path("outside-figures/", observations.observation_list, name="observations"),
    path("outside-figures/new/", observations.record, name="observation-new"),
    path("outside-figures/<int:pk>/", observations.decide, name="observation"),
    path("outside-figures/<int:pk>/document/", observations.document, name="observation-document"),
    path("reports/", reports.report_list, name="reports"),
    path("reports/new/", reports.draft, name="report-new"),
    path("reports/periods/new/", reports.period, name="period-new"),
    path("reports/<int:pk>/", reports.report_page, name="report"),
    path("reports/<int:pk>/<slug:verb>/", reports.change_state, name="report-change"),
    path("reports/<int:pk>/rows/<slug:code>/", reports.frozen_rows, name="report-rows"),
    path("reports/<int:pk>/sample/<slug:code>/", samples.sample, name="report-sample"),
    path("publications/", publications.publication_list, name="publications"),
    path("<slug:code>/", overview.indicator_page, name="indicator"),
    path("<slug:code>/records/", evidence.evidence_list, name="evidence"),
    path("<slug:code>/crossed/", crossing.crossed, name="crossed"),
    path("<slug:code>/target/", targets.revise, name="target"),
    path("<slug:code>/forecast/", targets.forecast_file, name="forecast"),
]
