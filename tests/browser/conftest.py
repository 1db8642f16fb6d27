"""A headless Chromium, where `make test-browser` asks for one: nothing else needs it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from importlib.util import find_spec
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

collect_ignore = [] if find_spec("playwright") else ["test_report.py"]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Run the machine's Chromium, or the one that Playwright brought."""
    from playwright.sync_api import Error, sync_playwright  # noqa: PLC0415 - an extra

    own = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, _NAMES)), None)
    root = hasattr(os, "getuid") and os.getuid() == 0  # Chromium has no sandbox for root
    with sync_playwright() as play:
        try:
            running = play.chromium.launch(
                executable_path=own, args=["--no-sandbox"] if root else []
            )
        except Error as fault:
            first = str(fault).strip().splitlines()[0]
            pytest.exit(
                "no Chromium to look at the report with: install Debian's chromium, run "
                f"`playwright install chromium`, or name one in CHROMIUM ({first})",
                returncode=1,
            )
        yield running
        running.close()
