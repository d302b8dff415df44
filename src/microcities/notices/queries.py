"""Questions asked of notices."""

from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import models

if TYPE_CHECKING:
    from microcities.notices.models import Notice
    from microcities.people.models import Account


class NoticeQuerySet(models.QuerySet["Notice"]):
    """Notices to accounts and to e-mail addresses."""

    def for_account(self, account: "Account") -> "NoticeQuerySet":
        return self.filter(account=account).order_by("-created_at", "-pk")

    def unread(self) -> "NoticeQuerySet":
        return self.filter(read_at__isnull=True)

    def made_before(self, day: date) -> "NoticeQuerySet":
        """Made before a day and not waiting to be sent any more."""
        return self.filter(created_at__date__lt=day).exclude(state="queued")

    def due(self, moment: datetime) -> "NoticeQuerySet":
        """Waiting to be sent by e-mail, the oldest first."""
        return self.filter(state="queued", next_try_at__lte=moment).order_by("next_try_at", "pk")

    def claim(self, pk: int, moment: datetime) -> "Notice | None":
        """The notice, locked until the transaction ends, or None when it is not due or another worker holds it.

        The lock together with the state is what keeps two workers from sending one notice twice.
        """
        return self.select_for_update(skip_locked=True, of=("self",)).due(moment).filter(pk=pk).first()
