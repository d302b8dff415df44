"""What of the installation waits for the operator on My work."""

from collections.abc import Iterator
from typing import Any

from django.urls import reverse

from microcities.notices.worklist import Task, waits_for
from microcities.operations.findings import findings
from microcities.operations.readings import read_installation
from microcities.operations.rules import may_see_operations


@waits_for("operations.findings")
def findings_task(account: Any) -> Iterator[Task]:
    """Everything that is not as it should be, with what to do about it."""
    if not may_see_operations(account):
        return
    for each in findings(read_installation()):
        yield Task(each.title, f"{reverse('operations:page')}#{each.part}", detail=each.remedy)
