"""What actions and looks on days of work, incidents and feedback are called on the pages of the trail."""

from django.utils.functional import Promise

VERBS: dict[str, str | Promise] = {}
