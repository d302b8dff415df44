"""What actions and looks on agreements are called on the pages of the trail."""

from django.utils.functional import Promise

VERBS: dict[str, str | Promise] = {}
