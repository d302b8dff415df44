"""Addresses of OpenID Connect providers; the names are allauth's."""

from django.urls import path

from microcities.people.identity.oidc import views

urlpatterns = [
    path("oidc/<slug:provider_id>/login/", views.login, name="openid_connect_login"),
    path("oidc/<slug:provider_id>/login/callback/", views.callback, name="openid_connect_callback"),
]
