"""Background work of careers."""

from procrastinate.contrib.django import app

from microcities.careers.letters import remind_people

QUEUE = "careers"


@app.periodic(cron="10 * * * *")
@app.task(name="careers.remind", queue=QUEUE, queueing_lock="careers.remind")
def remind(timestamp: int) -> None:
    """Remind people of talks that begin within a day."""
    remind_people()
