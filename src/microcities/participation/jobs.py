"""Background work on lists."""

from procrastinate.contrib.django import app

from microcities.participation.actions import work
from microcities.participation.actions.lists import APPLY, CHECK, QUEUE, UNDO
from microcities.people.models import Account


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
