"""Addresses of the public face; included at the root of the site."""

from django.urls import path

from microcities.programme import views

app_name = "programme"
urlpatterns = [
    path("", views.home, name="home"),
    path("programme/", views.programme_page, name="page"),
    path("for/<slug:slug>/", views.audience_page, name="audience"),
    path("search/", views.search_page, name="search"),
    path("accessibility/", views.accessibility, name="accessibility"),
    path("accessibility/protocol/", views.accessibility_protocol, name="accessibility-protocol"),
]
