"""What actions and looks on draws and placements are called on the pages of the trail."""

from django.utils.functional import Promise

VERBS: dict[str, str | Promise] = {}
