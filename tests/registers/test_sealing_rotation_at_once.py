"""The key of seals is changed while others run, or is killed; real processes and real commits."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.db import connections

from redress.doors.commands import rotate_keys
from redress.registers.accounts.models import User
from redress.registers.offices.scope import WHOLE, within
from redress.registers.sealing import seal
from tests.conftest import make_cast
from tests.registers.sealed_house import (
    files,
    fill,
    keys,
    opened,
    opens_by_the_present_key_alone,
    rotate,
)

__all__ = ["keys"]
ROOT = Path(__file__).resolve().parents[2]

SERVER = """
import json, os, sys
import django
django.setup()
from django.conf import settings
settings.DATABASES["default"]["NAME"] = sys.argv[1]
from pathlib import Path
settings.REDRESS_KEYS = Path(sys.argv[2])
from redress.registers.sealing import read_seal_keys, seal
settings.REDRESS_SEAL_KEYS = read_seal_keys(settings.REDRESS_KEYS)
from redress.config.secret_files import write_secret
from redress.doors.commands import rotate_keys
from redress.registers import sealing
from redress.registers.offices.scope import WHOLE, within
from tests.registers.sealed_house import opened
from allauth.mfa.models import Authenticator
from redress.registers.accounts.models import User
print("ready", flush=True)
for line in sys.stdin:
    verb, _, name = line.strip().partition(" ")
    if verb == "open":
        print(json.dumps(opened()), flush=True)
    elif verb == "seal":
        with within(WHOLE):
            user = User.objects.get(username=name)
            data = {"secret": seal(name).decode()}
            Authenticator.objects.create(user=user, type="totp", data=data)
        print("sealed", flush=True)
    elif verb == "rotate":
        sealing.BATCH_ROWS = 1
        looks = iter(range(1000))
        real = rotate_keys.look_at_batch
        def look(*args, **kwargs):
            found = real(*args, **kwargs)
            if kwargs["reseal"] and next(looks) == int(name):
                os.kill(os.getpid(), 9)
            return found
        rotate_keys.look_at_batch = look
        rotate_keys.change_keys(settings.REDRESS_KEYS, write=write_secret)
        print("rotated", flush=True)
"""


class Server:
    """A process of its own, with the keys it read when it began."""

    def __init__(self, keys: Path) -> None:
        name = connections["default"].settings_dict["NAME"]
        self.process = subprocess.Popen(
            [sys.executable, "-c", SERVER, name, str(keys)],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout
        assert self.process.stdout.readline() == "ready\n"

    def ask(self, words: str) -> str:
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(words + "\n")
        self.process.stdin.flush()
        return self.process.stdout.readline()


@pytest.fixture
def server(committed, keys):
    fill(make_cast())
    started = Server(keys)
    yield started
    started.process.kill()
    started.process.wait()


def test_a_server_started_before_opens_and_seals_on_through_a_change(server, keys, monkeypatch):
    before, seen = json.loads(server.ask("open")), []
    real = rotate_keys.look_at_batch

    def look(*args, **kwargs):
        found = real(*args, **kwargs)
        seen.append(json.loads(server.ask("open")))
        return found

    monkeypatch.setattr(rotate_keys, "look_at_batch", look)
    rotate()

    assert all(one == before for one in seen)
    assert server.ask("seal second") == "sealed\n"
    assert "second" in opened()
    assert opens_by_the_present_key_alone(keys)


@pytest.mark.parametrize("batch", [0, 3])
def test_a_kill_9_leaves_all_readable_and_the_next_run_finishes(server, keys, batch):
    before = opened()
    rotating = Server(keys)

    assert rotating.ask(f"rotate {batch}") == ""

    assert rotating.process.wait(30) == -signal.SIGKILL
    assert len(files(keys)) == 2
    assert opened() == json.loads(server.ask("open")) == before
    rotate()
    assert opened() == json.loads(server.ask("open")) == before
    assert files(keys) == ["identity-seal"]
    assert opens_by_the_present_key_alone(keys)


@pytest.fixture
def rotating(committed, keys):
    """Start a change of keys in a thread, on a database where commits are real."""
    fill(make_cast())
    threads = []

    def start() -> threading.Thread:
        def work() -> None:
            try:
                rotate()
            finally:
                connections.close_all()

        threads.append(threading.Thread(target=work))
        threads[0].start()
        return threads[0]

    yield start
    for thread in threads:
        thread.join(60)


def test_what_was_sealed_before_and_is_stored_after_the_new_key_is_sealed_anew(rotating, keys):
    """A long import seals a name; the key is changed; the import stores the name and ends."""
    with within(WHOLE):
        sealed = seal("late")
        thread = rotating()
        thread.join(1)
        assert thread.is_alive(), "it waits for the import"
        user = User.objects.get(username="second")
        Authenticator.objects.create(user=user, type="totp", data={"secret": sealed.decode()})
    thread.join(60)

    assert not thread.is_alive()
    assert "late" in opened()
    assert files(keys) == ["identity-seal"]
    assert opens_by_the_present_key_alone(keys)


@pytest.fixture
def in_between(rotating, monkeypatch):
    """Start a change of keys and hold it when it is about to look at second factors.

    What is begun then, it has not waited for. Gives its thread, and what lets it go on.
    """
    held, go_on, real = threading.Event(), threading.Event(), rotate_keys.look_at_batch

    def look(place, **kwargs):
        if kwargs["reseal"] and place.holds == "second_factors" and not held.is_set():
            held.set()
            go_on.wait(30)
        return real(place, **kwargs)

    monkeypatch.setattr(rotate_keys, "look_at_batch", look)
    thread = rotating()
    assert held.wait(30)
    yield thread, go_on.set
    go_on.set()


def test_an_old_seal_written_back_by_whoever_had_read_it_is_sealed_anew(in_between, keys):
    """A page reads a second factor; it is sealed anew; the page saves what it had read."""
    thread, go_on = in_between
    with within(WHOLE):
        codes = RecoveryCodes(Authenticator.objects.get(type="recovery_codes"))
        go_on()
        thread.join(1)
        codes.mark_as_viewed()
    thread.join(60)

    assert RecoveryCodes(Authenticator.objects.get(type="recovery_codes")).did_view
    assert files(keys) == ["identity-seal"]
    assert opens_by_the_present_key_alone(keys)


def test_a_page_that_holds_one_row_gets_another_while_the_change_needs_both(in_between, keys):
    """Were rows waited for, each would wait for the other, and the database would end one of them."""
    thread, go_on = in_between
    lock = Authenticator.objects.select_for_update()
    with within(WHOLE):
        lock.get(type="recovery_codes")
        go_on()
        thread.join(1)
        assert lock.get(type="totp")
        assert thread.is_alive(), "a row is left to do"
    thread.join(60)

    assert files(keys) == ["identity-seal"]
    assert opens_by_the_present_key_alone(keys)
