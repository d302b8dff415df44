"""Questions asked of the trail."""

from typing import TYPE_CHECKING, Any

from django.db import models

if TYPE_CHECKING:
    from microcities.trail.models import Change, Look


class ChangeQuerySet(models.QuerySet["Change"]):
    """Changes of rows as the triggers wrote them."""

    def of_row(self, row: models.Model) -> "ChangeQuerySet":
        return self.of(row._meta.db_table, row.pk)

    def of(self, table: str, row_id: Any) -> "ChangeQuerySet":
        return self.filter(table_name=table, row_id=str(row_id)).order_by("id")


class LookQuerySet(models.QuerySet["Look"]):
    """Looks at protected persons."""

    def at_person(self, person_id: int) -> "LookQuerySet":
        return self.filter(person_id=person_id).order_by("-at", "-id")
