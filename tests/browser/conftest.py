"""The whole system as `make run` starts it, with the demonstration province, in a real browser."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from tests.conftest import open_folder

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
SECONDS_MAX = 180
# Without these Chromium looks for servers of its own.
QUIET = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update"),
]


def pytest_collection_modifyitems(items) -> None:
    for item in items:
        if Path(item.fspath).parent == Path(__file__).parent:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="module")
def browser():
    if not Path(CHROMIUM).exists():
        if os.environ.get("REDRESS_BROWSER") == "required":
            pytest.fail(f"There is no Chromium at {CHROMIUM}, and browser tests are required here.")
        pytest.skip(f"Browser tests need Chromium at {CHROMIUM}; set CHROMIUM to its path.")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield launched
        launched.close()


@pytest.fixture(scope="module")
def home(browser):
    """Give a data folder."""
    with open_folder() as made:
        yield made


@pytest.fixture(scope="module")
def site(browser, home):
    """Give the address of a running Redress."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("REDRESS", "DATABASE"))}
    env = {**kept, "REDRESS_HOME": str(home), "PORT": str(port)}
    command = [str(Path(sys.executable).parent / "redress"), "serve"]
    with (home / "log").open("wb") as log:
        process = subprocess.Popen(command, env=env, stdout=log, stderr=log)
    address = f"http://localhost:{port}"
    deadline = time.monotonic() + SECONDS_MAX
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(OSError):
            urllib.request.urlopen(f"{address}/healthz", timeout=5).close()
            break
        time.sleep(0.3)
    else:
        pytest.fail(f"Redress did not come up: {(home / 'log').read_text()[-2000:]}")
    yield address
    process.terminate()
    process.wait(60)


@pytest.fixture
def open_page(browser, site):
    """Open a fresh browser window: its width, its language, light or dark, with script or without."""
    contexts = []

    def open_one(*, width=1280, height=800, locale="en", scheme="light", script=True):
        context = browser.new_context(
            viewport={"width": width, "height": height},
            locale=locale,
            color_scheme=scheme,
            java_script_enabled=script,
            base_url=site,
        )
        context.set_default_timeout(15_000)
        contexts.append(context)
        return context.new_page()

    yield open_one
    for context in contexts:
        context.close()


def sign_in(page, username: str, password: str = "demonstration-only") -> None:
    page.goto("/account/login/")
    page.fill("[name=login]", username)
    page.fill("[name=password]", password)
    page.click("main button[type=submit]")
    page.wait_for_url(lambda url: "/account/login/" not in url)
