"""A key of personal codes that changed is noticed before anybody is looked for with it."""

from typing import Any

import pytest
from django.core.management.base import CommandError

from microcities.database.models import Upkeep, UpkeepKind
from microcities.database.person_key import REPLACED, fingerprint, require_same_key

pytestmark = pytest.mark.django_db


def test_key_is_noted_once_and_nothing_of_it_can_be_read(settings: Any) -> None:
    require_same_key()
    require_same_key()
    note = Upkeep.objects.get(kind=UpkeepKind.KEY)
    assert note.facts == {"fingerprint": fingerprint()}
    assert len(fingerprint()) == 16
    assert settings.PERSON_HASH_KEY not in str(note.facts)


def test_another_key_is_refused_until_somebody_says_that_it_replaces_the_lost_one(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    require_same_key()
    former = fingerprint()
    settings.PERSON_HASH_KEY = "made anew"
    with pytest.raises(CommandError, match=former):
        require_same_key()
    monkeypatch.setenv(REPLACED, former)  # not the one that is in use
    with pytest.raises(CommandError, match="Bring back the former"):
        require_same_key()
    monkeypatch.setenv(REPLACED, fingerprint())
    require_same_key()
    monkeypatch.delenv(REPLACED)
    require_same_key()
    assert Upkeep.objects.filter(kind=UpkeepKind.KEY).count() == 2
