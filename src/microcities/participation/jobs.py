"""Background work on lists."""

from datetime import timedelta

from django.utils import timezone
from procrastinate.contrib.django import app

from microcities.participation.actions import work
from microcities.participation.actions.lists import APPLY, CHECK, QUEUE, UNDO, discard_forgotten_lists
from microcities.participation.actions.summer import take_over_work
from microcities.participation.models import SummerTie
from microcities.people.models import Account
from microcities.trail.context import System

FORGOTTEN_AFTER = timedelta(days=30)


@app.task(name=CHECK, queue=QUEUE)
def check_list(list_id: int, account_id: int) -> None:
    """Compare a list with what is known."""
    work.check_list(actor=Account.objects.get(pk=account_id), list_id=list_id)


@app.task(name=APPLY, queue=QUEUE)
def apply_list(list_id: int, account_id: int) -> None:
    """Apply a list whole."""
    work.apply_list(actor=Account.objects.get(pk=account_id), list_id=list_id)


@app.task(name=UNDO, queue=QUEUE)
def undo_list(list_id: int, account_id: int) -> None:
    """Take a list back."""
    work.undo_list(actor=Account.objects.get(pk=account_id), list_id=list_id)


@app.periodic(cron="20 3 * * *")
@app.task(name="participation.discard_forgotten_lists", queue=QUEUE, queueing_lock="participation.discard_forgotten_lists")
def discard_forgotten(timestamp: int) -> None:
    """Throw away lists that nobody has finished within 30 days."""
    discard_forgotten_lists(actor=System("lists"), before=timezone.now() - FORGOTTEN_AFTER)


@app.periodic(cron="40 2 * * *")
@app.task(name="participation.take_over_work", queue=QUEUE, queueing_lock="participation.take_over_work")
def take_over_summer_work(timestamp: int) -> None:
    """Bring the programme's records of summer work up to date every night."""
    for tie in SummerTie.objects.select_related("activity").order_by("pk"):
        take_over_work(actor=System("summer work"), tie=tie)
