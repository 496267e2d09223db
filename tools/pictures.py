"""Take the README's pictures of a running demonstration.

python tools/pictures.py http://localhost:8000
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Final

from playwright.sync_api import Browser, Page, sync_playwright

PICTURES: Final = Path(__file__).resolve().parent.parent / "docs" / "pictures"
CHROMIUM: Final = os.environ.get("CHROMIUM", "/usr/bin/chromium")
WORDS: Final = (
    "چهار ماه است در نساجی مهرگان حقوق نگرفته‌ایم. معوقات ما را پیش از عید بدهید. چهل‌وهشت نفریم."
)


def page_of(browser: Browser, address: str, *, width: int, height: int, locale: str) -> Page:
    """Open a window of a size and language."""
    return browser.new_context(
        viewport={"width": width, "height": height}, locale=locale, base_url=address
    ).new_page()


def take(address: str) -> None:
    """Take both pictures: a worker's receipt on a phone, and an officer's list."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        phone = page_of(browser, address, width=360, height=740, locale="fa-IR")
        phone.goto("/demands/new")
        phone.fill("[name=text]", WORDS)
        phone.select_option("[name=county]", "ir.sp.nk.")
        phone.click("form button[type=submit]")
        phone.screenshot(path=PICTURES / "worker.png")
        desk = page_of(browser, address, width=1180, height=740, locale="en")
        desk.goto("/account/login/")
        desk.fill("[name=login]", "officer")
        desk.fill("[name=password]", "demonstration-only")
        desk.click("main button[type=submit]")
        desk.goto("/desk/demands?holder=body")
        desk.screenshot(path=PICTURES / "desk.png")
        browser.close()


if __name__ == "__main__":
    take(sys.argv[1] if len(sys.argv) > 1 else "http://localhost:8000")
