"""Whose questions to counsellors an account may see: the way from an account to threads, and what waits."""

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from microcities.people.roles import Permission
from microcities.privacy.rules import wards_of

if TYPE_CHECKING:
    from microcities.careers.models import Question
    from microcities.people.models import Account


class QuestionQuerySet(models.QuerySet["Question"]):
    """Threads of questions and answers. Whoever sees everybody does not see them: they are as confidential as talks."""

    def own(self, account: "Account") -> "QuestionQuerySet":
        """About oneself, and those that one asked as the guardian of a child under age; not what the child asked alone."""
        if not account.person_id:
            return self.none()
        wards = wards_of(account.person_id, timezone.localdate()).values("pk")
        return self.filter(Q(person_id=account.person_id) | Q(guardian_id=account.person_id, person_id__in=wards))

    def to_counsellor(self, account: "Account") -> "QuestionQuerySet":
        """Those put to organisations whose counsellor the account is; another school's counsellors see none of them."""
        return self.filter(organisation_id__in=account.organisation_ids(Permission.GIVE_GUIDANCE))

    def open(self) -> "QuestionQuerySet":
        return self.filter(closed_at__isnull=True)

    def waiting(self) -> "QuestionQuerySet":
        """Not answered yet, those that wait longest first."""
        return self.filter(waits_since__isnull=False).order_by("waits_since", "pk")

    def in_order(self) -> "QuestionQuerySet":
        """Open ones first, then the latest."""
        return self.order_by(F("closed_at").desc(nulls_first=True), "-asked_at", "-pk")
