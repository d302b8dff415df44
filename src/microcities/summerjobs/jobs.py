"""Background work on summer employment."""

from procrastinate.contrib.django import app

from microcities.summerjobs.actions.placements import lapse_overdue

QUEUE = "summerjobs"


@app.periodic(cron="10 * * * *")
@app.task(name="summerjobs.lapse_overdue", queue=QUEUE, queueing_lock="summerjobs.lapse_overdue")
def let_offers_lapse(timestamp: int) -> None:
    """Every hour: offers that nobody answered in time go to the next."""
    lapse_overdue()
