"""What actions and looks on schemes, employers and posts are called on the pages of the trail."""

from django.utils.functional import Promise

VERBS: dict[str, str | Promise] = {}
