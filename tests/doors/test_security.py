from __future__ import annotations

import os
import re
import subprocess
import sys
import time

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from django.test import Client

from redress.registers.accounts.models import User
from tests.conftest import Cast


@pytest.fixture
def time_machine_at():
    """Go some seconds on."""
    travels = []

    def go(seconds: int) -> None:
        travel = time_machine.travel(time.time() + seconds)
        travel.start()
        travels.append(travel)

    yield go
    for travel in travels:
        travel.stop()


PASSWORD = "correct-horse-battery"


@pytest.mark.parametrize(
    "path", ["/", "/demands/new", "/receipt", "/account/login/", "/nowhere", "/healthz"]
)
def test_every_page_forbids_foreign_scripts_and_inline_ones(cast: Cast, path):
    policy = Client().get(path)["Content-Security-Policy"]

    assert "default-src 'none'" in policy
    assert "unsafe-inline" not in policy
    assert "unsafe-eval" not in policy


@pytest.mark.parametrize("path", ["/", "/demands/new", "/account/login/"])
def test_no_page_holds_a_script_or_style_inside(cast: Cast, path):
    page = Client().get(path).content.decode()

    assert not re.search(r"<script(?![^>]*src=)|<style|\sstyle=|\son[a-z]+=", page)


def test_every_page_says_how_it_may_be_used(cast: Cast):
    page = Client().get("/")

    assert page["X-Frame-Options"] == "DENY"
    assert page["X-Content-Type-Options"] == "nosniff"
    assert page["Referrer-Policy"] == "same-origin"


def test_behind_tls_cookies_are_secure_and_the_site_says_so():
    script = (
        "import django; django.setup(); from django.conf import settings as s;"
        "print(s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.SECURE_HSTS_SECONDS >= 31536000)"
    )
    env = {**os.environ, "REDRESS_HTTPS": "yes", "REDRESS_HOSTS": "redress.example"}

    said = subprocess.run(
        [sys.executable, "-c", script], env=env, capture_output=True, text=True, check=True
    )

    assert said.stdout.split() == ["True", "True", "True"]


def test_over_tls_a_browser_is_told_to_stay_there(cast: Cast, settings):
    settings.SECURE_HSTS_SECONDS = 31536000

    assert "max-age=31536000" in Client().get("/", secure=True)["Strict-Transport-Security"]


def sign_in(client: Client, username="officer", password=PASSWORD):
    return client.post("/account/login/", {"login": username, "password": password})


def test_an_officer_signs_in_and_out(cast: Cast):
    client = Client()

    assert sign_in(client).url == "/desk/"
    assert client.get("/desk/").status_code == 200
    client.post("/account/logout/")
    assert client.get("/desk/").status_code == 302


def test_the_session_cookie_is_kept_from_scripts_and_other_sites(cast: Cast):
    client = Client()
    sign_in(client)

    cookie = client.cookies["redress_session"]

    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"


def test_a_wrong_password_and_an_unknown_name_are_answered_alike(cast: Cast):
    wrong, unknown = sign_in(Client(), password="wrong"), sign_in(Client(), username="nobody")

    def said(page):
        return re.findall(r"<li>.*?</li>", page.content.decode())

    assert said(wrong) == said(unknown) != []


def test_after_five_wrong_passwords_a_name_must_wait_even_with_the_right_one(cast: Cast):
    for _ in range(5):
        sign_in(Client(), password="wrong")

    page = sign_in(Client())

    assert page.status_code == 200
    assert "Too many" in page.content.decode()


def test_nobody_signs_up_alone(cast: Cast):
    for name in ("signup", "forgotten", "email", "set-password"):
        page = Client().get(f"/account/{name}/")
        assert (page.status_code, page.url) == (302, "/account/login/")


@pytest.mark.parametrize("username", ["province", "auditor", "admin"])
def test_a_role_that_needs_a_second_factor_sees_nothing_before_it_is_set_up(cast: Cast, username):
    client = Client()
    sign_in(client, username)

    for path in ("/desk/", "/desk/demands", "/desk/households"):
        assert client.get(path).url == "/account/second-factor/totp/activate/"


def code_now(secret: str) -> str:
    return totp.format_hotp_value(
        totp.hotp_value(secret, totp.yield_hotp_counters_from_time().__next__())
    )


def test_the_second_factor_is_set_up_and_asked_for_from_then_on(cast: Cast):
    client = Client()
    sign_in(client, "province")
    activate = "/account/second-factor/totp/activate/"
    asked = client.get(activate).url  # the password once more, then the page
    page = client.post(asked, {"password": PASSWORD}, follow=True).content.decode()
    secret = re.search(r'class="code">([A-Z2-7]+)<', page)[1]

    client.post(activate, {"code": code_now(secret)})

    assert client.get("/desk/").status_code == 200
    again = Client()
    assert sign_in(again, "province").url.startswith("/account/second-factor/authenticate/")
    assert again.get("/desk/").status_code == 302
    user = User.objects.get(username="province")
    stored = Authenticator.objects.get(user=user, type=Authenticator.Type.TOTP)
    assert secret not in str(stored.data)


def test_a_recovery_code_opens_the_account_once(cast: Cast):
    user = User.objects.get(username="province")
    totp.TOTP.activate(user, totp.generate_totp_secret())
    code = RecoveryCodes.activate(user).get_unused_codes()[0]
    client = Client()
    sign_in(client, "province")

    assert client.post("/account/second-factor/authenticate/", {"code": code}).url == "/desk/"
    again = Client()
    sign_in(again, "province")
    assert again.post("/account/second-factor/authenticate/", {"code": code}).status_code == 200


def test_health_says_what_is_down(cast: Cast):
    page = Client().get("/healthz")

    assert (page.status_code, page.json()) == (503, {"database": "up", "worker": "down"})


def test_behind_a_proxy_each_visitor_is_counted_apart(cast: Cast, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1

    def tries(address: str) -> int:
        headers = {"x-forwarded-for": f"10.9.9.9, {address}"}
        return Client(headers=headers).post("/receipt", {"code": "0" * 16}).status_code

    assert [tries("192.0.2.1") for _ in range(31)][-1] == 429
    assert tries("192.0.2.2") == 404


def test_an_address_that_waited_a_minute_may_try_again(cast: Cast, time_machine_at):
    for _ in range(31):
        Client().post("/receipt", {"code": "0" * 16})
    time_machine_at(61)

    assert Client().post("/receipt", {"code": "0" * 16}).status_code == 404
