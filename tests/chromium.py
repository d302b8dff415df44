"""The one browser of all browser tests: Debian's own Chromium, in CI its absence is a failure, elsewhere a reason to skip."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

# Debian's own builds of one Chromium. The shell without windows takes two thirds of the processor's time.
CHROMIUMS = (Path("/usr/bin/chromium-headless-shell"), Path("/usr/bin/chromium"))
# No page lives long enough for optimised machine code to pay for its making.
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--js-flags=--no-opt"]


@contextmanager
def chromium() -> Iterator[Browser]:
    """A browser, closed at the end."""
    found = next((path for path in CHROMIUMS if path.exists()), None)
    if found is None:
        reason = f"these tests drive a browser, and there is none at {CHROMIUMS[-1]} (apt-get install chromium)"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    # Playwright's loop runs in this thread; the tests' own queries are synchronous all the same.
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        browser = playwright.chromium.launch(executable_path=str(found), args=ARGUMENTS)
        yield browser
        browser.close()
