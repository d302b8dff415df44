"""Django's session engine, whose rows also say whose session it is, by what device, since when and last used when."""

from datetime import UTC, datetime
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore

from microcities.access.sessions import SIGNED_IN_AT, USED_AT
from microcities.people.models.sessions import Session

DEVICE = "device"


class SessionStore(DatabaseStore):
    """Named in SESSION_ENGINE; Django looks for a class of this name."""

    @classmethod
    def get_model_class(cls) -> type[Session]:
        """The table of sessions."""
        return Session

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        """The row as it is saved, its columns taken from the content."""
        row: Any = super().create_model_instance(data)
        number = str(data.get(SESSION_KEY, ""))
        row.account_id = int(number) if number.isdigit() else None
        row.device = data.get(DEVICE, "")
        row.signed_in_at, row.used_at = _moment(data.get(SIGNED_IN_AT)), _moment(data.get(USED_AT))
        return row


def _moment(seconds: int | None) -> datetime | None:
    return datetime.fromtimestamp(seconds, UTC) if seconds else None
