from __future__ import annotations

import io
import os
import re
import subprocess
import sys
import time

import pytest
import time_machine
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from django.core.exceptions import BadRequest
from django.core.handlers.wsgi import WSGIRequest
from django.test import Client, RequestFactory

from redress.config.wsgi import Guarded
from redress.registers.accounts.models import User
from redress.registers.offices.scope import WHOLE, within
from tests.conftest import Cast, make_cast
from tests.doors.at_desk import text


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


def test_who_fails_elsewhere_keeps_nobody_out_and_a_name_is_not_tried_for_ever(
    cast: Cast, settings
):
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"login_of_name": "7/5m/key"}
    for _try in range(6):
        sign_in(Client(REMOTE_ADDR="203.0.113.9"), password="wrong")
    near = Client(REMOTE_ADDR="203.0.113.77")  # of the same network
    assert "Too many" in text(sign_in(near))
    assert sign_in(Client()).url == "/desk/"

    # Five of the six tries, the good one and the next are seven.
    sign_in(Client(REMOTE_ADDR="198.51.100.1"), password="wrong")
    assert "Too many" in text(sign_in(Client(REMOTE_ADDR="192.0.2.1")))


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


def test_the_second_factor_is_set_up_and_asked_for_from_then_on(committed):
    # The sign-in library tells of the new factor when the transaction is really at its end.
    with within(WHOLE):
        make_cast()
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


def test_a_session_of_the_password_alone_ends_when_a_factor_is_set_up_elsewhere(cast: Cast):
    thief = Client()
    sign_in(thief, "province")
    user = User.objects.get(username="province")
    totp.TOTP.activate(user, totp.generate_totp_secret())

    assert thief.get("/desk/demands").url == "/account/login/"
    assert thief.get("/desk/demands").url.startswith("/account/login/?next=")


def test_a_prefix_before_the_path_does_not_lead_around_the_second_factor(cast: Cast):
    client = Client(SCRIPT_NAME="/x")
    client.force_login(User.objects.get(username="admin"))

    assert client.get("/desk/accounts").status_code == 302


@pytest.mark.parametrize("username", ["province", "officer"])
def test_a_factor_that_the_role_needs_is_not_taken_off(cast: Cast, username):
    user = User.objects.get(username=username)
    factor = totp.TOTP.activate(user, totp.generate_totp_secret()).instance

    assert get_adapter().can_delete_authenticator(factor) is (username == "officer")


def test_a_form_sent_by_another_site_is_refused(cast: Cast):
    page = Client(headers={"sec-fetch-site": "cross-site"}).post("/demands/new", {"text": "x"})

    assert page.status_code == 403


@pytest.mark.parametrize("cookie", ["aaaaaaaa\x00b", "x" * 5000])
def test_an_odd_cookie_breaks_nothing(cast: Cast, cookie):
    client = Client()
    client.cookies["redress_session"] = cookie

    assert client.get("/desk/").status_code in {302, 400}


def guarded(
    body: bytes, *, announced: int, content_type: str
) -> tuple[list[str], list[WSGIRequest]]:
    """Send a request through the guard; give what it answered itself, or the request it let by."""
    refused: list[str] = []
    let_by: list[WSGIRequest] = []
    environ = {
        **RequestFactory()._base_environ(),
        "REQUEST_METHOD": "POST",
        "CONTENT_TYPE": content_type,
        "CONTENT_LENGTH": str(announced),
        "wsgi.input": io.BytesIO(body),
    }
    guard = Guarded(lambda environ, start: let_by.append(WSGIRequest(environ)) or [])
    list(guard(environ, lambda status, headers: refused.append(status)))
    return refused, let_by


def test_a_form_that_breaks_off_on_the_way_is_not_taken_for_a_whole_one():
    form = "application/x-www-form-urlencoded"

    _, (whole,) = guarded(b"code=0000", announced=9, content_type=form)
    _, (broken,) = guarded(b"code=0000", announced=90, content_type=form)

    assert whole.POST["code"] == "0000"
    with pytest.raises(BadRequest):
        broken.POST["code"]


def test_a_file_that_breaks_off_on_the_way_is_not_taken_for_a_whole_one():
    form = "multipart/form-data; boundary=xx"
    head = b'--xx\r\nContent-Disposition: form-data; name="files"; filename="a.png"\r\n\r\n'

    _, (broken,) = guarded(head + b"\x89PNG", announced=5000, content_type=form)

    with pytest.raises(BadRequest):
        broken.FILES["files"]


@pytest.mark.parametrize("charset", ["charset=hex", "charset=unicode_escape", "charset*=hex''%00"])
def test_an_encoding_that_no_browser_sends_is_refused(charset):
    refused, let_by = guarded(b"", announced=0, content_type=f"text/plain; {charset}")

    assert (refused, let_by) == (["415 Unsupported Media Type"], [])
