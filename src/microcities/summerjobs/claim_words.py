"""What actions and looks on claims are called on the pages of the trail."""

from django.utils.functional import Promise

VERBS: dict[str, str | Promise] = {}
