"""Addresses of claims."""

from django.urls import URLPattern

CLAIMS: list[URLPattern] = []
