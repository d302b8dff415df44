"""Addresses of decision files and of the engines behind them."""

from django.urls import path

from microcities.decisions import views

app_name = "decisions"
urlpatterns = [
    path("", views.decision_list, name="list"),
    path("engines/", views.engine_list, name="engines"),
    path("engines/<str:name>/", views.engine_page, name="engine"),
    path("engines/<str:name>/schema.json", views.engine_schema, name="engine-schema"),
    path("engines/<str:name>/try/", views.engine_trial, name="engine-trial"),
    path("<uuid:number>/", views.decision, name="decision"),
    path("<uuid:number>/again/", views.decision_again, name="again"),
    path("<uuid:number>/decision.json", views.decision_download, name="download"),
    path("<uuid:number>/confirm/", views.decision_confirm, name="confirm"),
    path("<uuid:number>/discard/", views.decision_discard, name="discard"),
]
