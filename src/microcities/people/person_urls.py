"""Addresses of persons and double records."""

from django.urls import path

from microcities.people.views import matches, persons

app_name = "persons"
urlpatterns = [
    path("", persons.persons, name="persons"),
    path("double-records/", matches.matches, name="matches"),
    path("double-records/<int:number>/", matches.match, name="match"),
    path("merges/<int:number>/take-apart/", matches.take_apart, name="take_apart"),
    path("<uuid:public_id>/", persons.person, name="person"),
    path("<uuid:public_id>/correct/", persons.correct, name="correct"),
]
