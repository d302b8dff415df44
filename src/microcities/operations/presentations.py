"""The words of the operator's actions in the trail."""

from django.utils.translation import gettext_lazy as _

from microcities.trail.reading import name_verb

name_verb("operations.retry_job", _("started a failed job again"))
name_verb("operations.set_job_aside", _("set a failed job aside"))
name_verb("operations.note_trial", _("noted a tried restore"))
