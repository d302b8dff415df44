"""Background work of careers."""

from procrastinate.contrib.django import app

from microcities.careers.actions.norms import compute_norms
from microcities.careers.letters import remind_people
from microcities.trail.context import System

QUEUE = "careers"


@app.periodic(cron="10 * * * *")
@app.task(name="careers.remind", queue=QUEUE, queueing_lock="careers.remind")
def remind(timestamp: int) -> None:
    """Remind people of talks that begin within a day."""
    remind_people()


@app.periodic(cron="25 2 * * *")
@app.task(name="careers.interest_norms", queue=QUEUE, queueing_lock="careers.interest_norms")
def count_interests(timestamp: int) -> None:
    """Count what people scored on interests."""
    compute_norms(actor=System("careers"))
