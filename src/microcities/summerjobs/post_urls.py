"""Addresses of schemes, employers and posts."""

from django.urls import URLPattern

POSTS: list[URLPattern] = []
