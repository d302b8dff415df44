"""Background work of bookings."""

from procrastinate.contrib.django import app

from microcities.bookings.actions import expire_holds

QUEUE = "bookings"


@app.periodic(cron="* * * * *")
@app.task(name="bookings.expire_holds", queue=QUEUE, queueing_lock="bookings.expire_holds")
def expire(timestamp: int) -> None:
    """Give back what nobody approved in time."""
    expire_holds()
