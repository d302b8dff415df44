"""Addresses of draws and placements."""

from django.urls import URLPattern

DRAWS: list[URLPattern] = []
