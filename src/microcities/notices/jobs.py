"""Background work on notices: one job per notice, and a look every minute for what is due again."""

from procrastinate.contrib.django import app

from microcities.notices.actions import DELIVER, deliver_due_notices, deliver_notice


@app.task(name=DELIVER, queue="mail")
def deliver(notice_id: int) -> None:
    """Send one notice; a failed try sets the time of the next one, which `deliver_due` keeps."""
    deliver_notice(notice_id=notice_id)


@app.periodic(cron="* * * * *")
@app.task(name="notices.deliver_due", queue="mail", queueing_lock="notices.deliver_due")
def deliver_due(timestamp: int) -> None:
    """Send what is due: retries, and notices whose own job was lost."""
    deliver_due_notices()
