"""A real browser, which asks for nothing but the page under test and throws no error."""

from __future__ import annotations

import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

import pytest
from playwright.async_api import Page, async_playwright

CHROMIUM: Final = shutil.which("chromium")
_QUIET: Final = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)

_NONE: Final = "there is no Chromium on this machine"
#: The contract of `make test`: reported as skipped where there is no Chromium.  `.ci/run` sets NEED_CHROMIUM,
#: and there its lack fails, so that no run of ours passes for want of a browser.
IN_A_BROWSER: Final = (
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None and "NEED_CHROMIUM" not in os.environ, reason=_NONE),
)


@asynccontextmanager
async def page_at(address: str, *, height: int) -> AsyncIterator[Page]:
    assert CHROMIUM is not None, _NONE
    faults: list[str] = []
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(executable_path=CHROMIUM, args=list(_QUIET))
        page = await chromium.new_page(viewport={"width": 1280, "height": height})
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("request", lambda asked: asked.url.startswith(address) or faults.append(asked.url))
        await page.goto(address)
        yield page
        await chromium.close()
    assert faults == []
