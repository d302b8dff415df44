"""Background work of events."""

from procrastinate.contrib.django import app

from microcities.events.actions.registrations import lapse_offers
from microcities.events.letters import remind_people

QUEUE = "events"


@app.periodic(cron="* * * * *")
@app.task(name="events.lapse_offers", queue=QUEUE, queueing_lock="events.lapse_offers")
def lapse(timestamp: int) -> None:
    """Take back places whose offers have run out, and offer them on."""
    lapse_offers()


@app.periodic(cron="5 * * * *")
@app.task(name="events.remind", queue=QUEUE, queueing_lock="events.remind")
def remind(timestamp: int) -> None:
    """Remind people of what begins within a day."""
    remind_people()
