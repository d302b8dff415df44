"""Background work on the trail: sealing what has been written."""

import logging

from procrastinate.contrib.django import app

from microcities.trail.sealing import BusyError, seal

logger = logging.getLogger(__name__)


@app.periodic(cron="*/5 * * * *")
@app.task(name="trail.seal", queue="housekeeping", queueing_lock="trail.seal")
def seal_trail(timestamp: int) -> None:
    """Add links to the chain; while a long transaction writes, the next run does it."""
    try:
        seal()
    except BusyError as busy:
        logger.info("not sealed: %s", busy)
