"""Background work on summer employment."""

from procrastinate.contrib.django import app

from microcities.summerjobs.actions.placements import lapse_overdue
from microcities.summerjobs.actions.work import complete_worked

QUEUE = "summerjobs"


@app.periodic(cron="10 * * * *")
@app.task(name="summerjobs.lapse_overdue", queue=QUEUE, queueing_lock="summerjobs.lapse_overdue")
def let_offers_lapse(timestamp: int) -> None:
    """Every hour: offers that nobody answered in time go to the next."""
    lapse_overdue()


@app.periodic(cron="40 2 * * *")
@app.task(name="summerjobs.complete_worked", queue=QUEUE, queueing_lock="summerjobs.complete_worked")
def complete_placements(timestamp: int) -> None:
    """Every night: placements whose last day is over, with work noted, are worked to the end."""
    complete_worked()
