"""Addresses of applications."""

from django.urls import URLPattern

APPLICATIONS: list[URLPattern] = []
