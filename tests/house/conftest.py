"""What the walks over all addresses share."""

import pytest
from django.http import HttpRequest, HttpResponse

from microcities.ui import errors


@pytest.fixture
def plain_errors(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refusals say their words without the page around them: the walks meet thousands, and most of their time went into it."""

    def plain(request: HttpRequest, status: int, *, what: str, why: str, remedy: str) -> HttpResponse:
        return HttpResponse(f"{what}\n{why}\n{remedy}", status=status)

    monkeypatch.setattr(errors, "_error", plain)
