"""Addresses of days of work, incidents and feedback."""

from django.urls import URLPattern

WORK: list[URLPattern] = []
