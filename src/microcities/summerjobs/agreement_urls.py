"""Addresses of agreements."""

from django.urls import URLPattern

AGREEMENTS: list[URLPattern] = []
