"""Background work on privacy: counting each night what the clocks say is due."""

from django.utils import timezone
from procrastinate.contrib.django import app

from microcities.privacy.retention import count_due


@app.periodic(cron="40 3 * * *")
@app.task(name="privacy.count_due", queue="housekeeping", queueing_lock="privacy.count_due")
def count(timestamp: int) -> None:
    """Count, so that whoever decides is told; nothing is erased before a person starts it."""
    count_due(timezone.localdate())
