"""The long work on a list, as the background does it: comparing, applying, taking back. Each may be called inline too."""

from django.db import IntegrityError, transaction
from django.utils import timezone

from microcities.participation.actions.lists import forget_file
from microcities.participation.lists.knowledge import fingerprint, known_to, lock_known, surroundings_of
from microcities.participation.lists.plan import Plan, Planner
from microcities.participation.lists.progress import forget, report
from microcities.participation.lists.reading import open_list
from microcities.participation.lists.rows import ReadRow, Surroundings, read_row
from microcities.participation.lists.staging import store_plan, stored_rows
from microcities.participation.lists.undoing import obstacles, take_back, touched_records
from microcities.participation.lists.writing import write_plan
from microcities.participation.models import ListImport, ListState
from microcities.participation.rules import may_take_back_records
from microcities.people.matching.queries import lock_matching
from microcities.people.models import Account
from microcities.spreadsheets.reading import ListUnreadableError
from microcities.spreadsheets.told import in_every_language
from microcities.trail.context import change

STEP = 1000


def check_list(*, actor: Account, list_id: int) -> ListImport:
    """Read the file, work out what it would do, and keep that for people to look at. The file is gone afterwards."""
    the_list = ListImport.objects.select_related("activity").get(pk=list_id)
    if the_list.state != ListState.CHECKING:
        return the_list
    try:
        around = surroundings_of(the_list)
        rows = _read(the_list, around)
        before = fingerprint(the_list)
        plan = _plan(the_list, around, rows)
    except ListUnreadableError as error:
        return _fail(actor, the_list, error)
    finally:
        forget()
    with change("participation.check_list", actor=actor):
        locked = _locked(list_id, ListState.CHECKING)
        if locked is None:
            return the_list
        store_plan(locked, plan)
        forget_file(locked)
        locked.fingerprint = before if before == fingerprint(locked) else ""
        _checked(locked, plan, is_stale=False)
    return locked


def _read(the_list: ListImport, around: Surroundings) -> list[ReadRow]:
    rows: list[ReadRow] = []
    report(the_list.pk, "read", 0, 0)
    with the_list.file.open("rb") as file:
        for number, cells in open_list(file).rows:
            rows.append(read_row(number, cells, around))
            if len(rows) % STEP == 0:
                report(the_list.pk, "read", len(rows), 0)
    return rows


def _plan(the_list: ListImport, around: Surroundings, rows: list[ReadRow]) -> Plan:
    report(the_list.pk, "compare", 0, len(rows))
    planner = Planner(known_to(the_list), around.problem, the_list.funding_source_id)
    return planner.plan(rows, lambda done: report(the_list.pk, "compare", done, len(rows)))


def _fail(actor: Account, the_list: ListImport, error: ListUnreadableError) -> ListImport:
    with change("participation.fail_list", actor=actor, reason=str(error)):
        forget_file(the_list)
        the_list.state, the_list.failure = ListState.FAILED, in_every_language(error.reason)
        the_list.save(update_fields=["state", "failure", "file"])
    return the_list


def _checked(the_list: ListImport, plan: Plan, *, is_stale: bool) -> None:
    the_list.outcomes, the_list.digest = plan.outcomes, plan.digest
    the_list.is_stale, the_list.checked_at = is_stale, timezone.now()
    the_list.state, the_list.failure = ListState.CHECKED, ""
    if is_stale:
        the_list.fingerprint = ""
    the_list.save()


def apply_list(*, actor: Account, list_id: int) -> ListImport:
    """Apply a list whole, if a fresh comparison says what people have looked at; otherwise show the fresh one.

    One transaction. The lock on matching comes first, so that two lists with the same person make one person. Should
    somebody else have made the same person in another way meanwhile, the database refuses and the list is compared anew.
    """
    try:
        return _apply(actor, list_id)
    except IntegrityError:
        with change("participation.check_list_again", actor=actor):
            the_list = _locked(list_id, ListState.APPLYING)
            if the_list is not None:
                _compare_again(the_list)
        return ListImport.objects.get(pk=list_id)


def _compare_again(the_list: ListImport) -> None:
    plan = _plan_again(the_list)
    store_plan(the_list, plan)
    _checked(the_list, plan, is_stale=True)
    forget()


def _plan_again(the_list: ListImport) -> Plan:
    return _plan(the_list, surroundings_of(the_list), list(stored_rows(the_list)))


def _apply(actor: Account, list_id: int) -> ListImport:
    with transaction.atomic():
        lock_matching()
        the_list = _locked(list_id, ListState.APPLYING)
        if the_list is None:
            return ListImport.objects.get(pk=list_id)
        lock_known(the_list)
        # Nothing that the comparison rests on has changed, or a fresh one comes to the same: then it is applied.
        changed = fingerprint(the_list) != the_list.fingerprint
        plan = _plan_again(the_list) if changed else None
        if plan is not None and plan.digest != the_list.digest:
            with change("participation.check_list_again", actor=actor):
                store_plan(the_list, plan)
                _checked(the_list, plan, is_stale=True)
        else:
            with change("participation.apply_list", actor=actor) as line:
                write_plan(the_list, actor.pk, lambda done, of: report(list_id, "write", done, of))
                the_list.state, the_list.applied_by_id = ListState.APPLIED, actor.pk
                the_list.applied_at, the_list.action_id = timezone.now(), line.pk
                the_list.save()
        forget()
    return the_list


def undo_list(*, actor: Account, list_id: int) -> ListImport:
    """Take an applied list back, or leave it applied and say why that cannot be."""
    with transaction.atomic():
        lock_matching()
        the_list = _locked(list_id, ListState.UNDOING)
        if the_list is None:
            return ListImport.objects.get(pk=list_id)
        reasons = list(obstacles(the_list))
        if not (answer := may_take_back_records(touched_records(the_list))):
            reasons.append(answer.reason)
        with change("participation.undo_list", actor=actor, reason=the_list.undo_reason):
            if reasons:
                the_list.state, the_list.failure = ListState.APPLIED, in_every_language(*reasons)
            else:
                take_back(the_list)
                the_list.state, the_list.failure = ListState.UNDONE, ""
                the_list.undone_by_id, the_list.undone_at = actor.pk, timezone.now()
            the_list.save()
    return the_list


def _locked(list_id: int, state: ListState) -> ListImport | None:
    """The list, locked, if it is still in that state; None when another worker was faster."""
    return (
        ListImport.objects.select_for_update(of=("self",)).select_related("activity")
        .filter(pk=list_id, state=state).first()
    )
