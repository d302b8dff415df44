"""Addresses of the rules pages and of their JSON twins."""

from django.urls import path

from microcities.rulebooks import views

app_name = "rulebooks"
urlpatterns = [
    path("", views.rule_list, name="list"),
    path("index.json", views.rule_list_data, name="list-data"),
    path("<str:name>.json", views.topic_data, name="topic-data"),
    path("<str:name>/", views.topic_page, name="topic"),
]
