"""Questions asked of decision files. `visible_to(account)` is the only way from an account to them."""

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q

from microcities.people.roles import Permission

if TYPE_CHECKING:
    from microcities.decisions.models import DecisionRun
    from microcities.people.models import Account


class DecisionRunQuerySet(models.QuerySet["DecisionRun"]):
    """Recorded runs of engines."""

    def visible_to(self, account: "Account") -> "DecisionRunQuerySet":
        """All of them for who sees all people; for others those of their organisation.

        A run without an organisation is of the whole programme, so a partner does not see it.
        """
        if not account.may(Permission.SEE_DECISIONS):
            return self.none()
        if account.may(Permission.SEE_ALL_PEOPLE):
            return self
        return self.filter(organisation_id__in=account.organisation_ids(Permission.SEE_DECISIONS))

    def proposed(self) -> "DecisionRunQuerySet":
        """Neither confirmed nor discarded yet."""
        return self.filter(state="proposed")

    def confirmable_by(self, account: "Account") -> "DecisionRunQuerySet":
        """Proposed, visible, and not kept for a second person when this one ran it."""
        if not account.may(Permission.CONFIRM_DECISIONS):
            return self.none()
        own = Q(needs_second_person=True, run_by_id__isnull=False, run_by_id=account.pk)
        return self.visible_to(account).proposed().exclude(own)

    def without_contents(self) -> "DecisionRunQuerySet":
        """For lists: input and output, which can be megabytes, stay in the database."""
        return self.defer("input_json", "output_json")

    def newest_first(self) -> "DecisionRunQuerySet":
        return self.order_by(F("run_at").desc(), "-pk")
