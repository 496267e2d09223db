"""A new key for what is sealed: nothing is unreadable in between, whatever runs or is killed."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

import pytest
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet
from django.db import connection

from redress.config.secret_files import write_secret
from redress.demands.models import Demand, SealedIdentity
from redress.doors.commands import rotate_keys
from redress.registers import sealing
from redress.registers.offices.scope import WHOLE, within
from redress.registers.sealing import read_seal_keys, seal, unseal
from tests.registers.sealed_house import (
    files,
    house,
    keys,
    noted,
    opened,
    opens_by_the_present_key_alone,
    rotate,
    seals,
)

__all__ = ["house", "keys"]
ROOT = Path(__file__).resolve().parents[2]


def test_everything_is_sealed_by_a_new_key_and_the_old_one_is_gone(house, keys):
    before, [old] = opened(), read_seal_keys(keys)

    assert rotate() == 0

    assert opened() == before
    assert read_seal_keys(keys) != [old]
    assert files(keys) == ["identity-seal"]
    assert opens_by_the_present_key_alone(keys)


def test_counts_are_told_and_journalled_once(house, keys, capsys):
    rotate()

    # Two heads have a national ID, their children none; one officer has an app and codes.
    assert capsys.readouterr().out.split() == [
        *("identities", "1", "national_ids", "2", "second_factors", "2", "unreadable", "0"),
    ]
    [entry] = noted()
    del entry.detail["change"]
    assert entry.detail == {
        "identities": 1,
        "national_ids": 2,
        "second_factors": 2,
        "unreadable": 0,
    }
    assert (entry.by_role, entry.path) == ("system", "ir.sp.")


def test_a_second_change_is_another_one(house, keys):
    rotate()
    middle = read_seal_keys(keys)

    rotate()

    assert read_seal_keys(keys) != middle
    assert opens_by_the_present_key_alone(keys)
    assert len(noted()) == 2


def test_a_new_key_is_for_its_owner_alone_to_read(house, keys):
    rotate()

    assert (keys / "identity-seal").stat().st_mode & 0o777 == 0o600


def test_what_stands_beside_a_sealed_secret_stays(house, keys):
    before = Authenticator.objects.get(type="recovery_codes").data

    rotate()

    after = Authenticator.objects.get(type="recovery_codes").data
    assert {**after, "seed": ""} == {**before, "seed": ""}
    assert (after["used_mask"], after["seed"] != before["seed"]) == (5, True)


def test_rows_are_sealed_anew_in_batches_of_any_number(house, keys, monkeypatch):
    monkeypatch.setattr(sealing, "BATCH_ROWS", 1)
    before = opened()

    rotate()

    assert opened() == before
    assert opens_by_the_present_key_alone(keys)


def test_an_empty_register_changes_its_key_too(cast, keys, capsys):
    assert rotate() == 0
    assert "identities 0" in capsys.readouterr().out


class Killed(BaseException):
    """What a kill is to everything but the files and what is committed."""


def effects(patch, die_at: int):
    """Count everything that a change of keys does outside its own memory; die at one of them."""
    done = iter(range(1000))

    def count() -> None:
        if next(done) == die_at:
            raise Killed

    def around(function):
        def run(*args, **kwargs):
            count()
            result = function(*args, **kwargs)
            count()
            return result

        return run

    patch.setattr(sealing, "_put_on_disk", around(sealing._put_on_disk))
    patch.setattr(Path, "hardlink_to", around(Path.hardlink_to))
    patch.setattr(Path, "unlink", around(Path.unlink))
    for name in ("look_at_batch", "note_change"):
        patch.setattr(rotate_keys, name, around(getattr(rotate_keys, name)))
    return around(write_secret)


def test_killed_at_any_point_nothing_is_unreadable_and_the_next_run_finishes(
    house, keys, monkeypatch
):
    before = opened()
    killed = 0
    monkeypatch.setattr(rotate_keys, "_POLL_SECONDS", 0)
    while True:
        entries, key = len(noted()), read_seal_keys(keys)[0]
        with pytest.MonkeyPatch.context() as patch:
            writes = effects(patch, die_at=killed)
            try:
                rotate_keys.change_keys(keys, write=writes)
                break
            except Killed:
                killed += 1
        in_between = opened()
        done = files(keys) == ["identity-seal"] and read_seal_keys(keys) != [key]
        rotate()

        assert in_between == opened() == before
        assert files(keys) == ["identity-seal"]
        assert opens_by_the_present_key_alone(keys)
        # Killed when all was done but the end of the run, the next is a change of its own.
        assert len(noted()) == entries + (2 if done else 1)

    # Three looks at two batches of each of three columns, each begun and done: 36; and the files.
    assert killed > 40


def test_a_new_key_half_written_when_it_was_killed_is_swept_away(house, keys):
    (keys / "identity-seal.4711.new").write_text("abc")

    rotate()

    assert files(keys) == ["identity-seal"]


def test_an_unfinished_change_is_finished_without_another_new_key(house, keys, capsys):
    sealing.begin_change(keys, name="1", write=write_secret)
    [new, _] = read_seal_keys(keys)

    rotate()

    assert read_seal_keys(keys) == [new]
    assert "not finished" in capsys.readouterr().err


def test_an_old_key_put_back_opens_what_came_back_with_an_old_copy(house, keys):
    """The database of last year is restored: its key is laid beside the present one."""
    before = opened()
    old = (keys / "identity-seal").read_text()
    with within(WHOLE):
        stored = bytes(SealedIdentity.objects.get().sealed)
    rotate()
    with within(WHOLE), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.rotating', 'on', true)")
        SealedIdentity.objects.update(sealed=stored)
        cursor.execute("SELECT set_config('app.rotating', '', true)")
    write_secret(keys / "identity-seal.old.1", old)

    rotate()

    assert opened() == before
    assert files(keys) == ["identity-seal"]
    assert opens_by_the_present_key_alone(keys)


@pytest.fixture
def broken(house, keys, monkeypatch):
    """Something that was sealed by a key that nobody has, beside what can be read."""
    lost = Fernet(Fernet.generate_key())
    factor = Authenticator.objects.get(type="totp")
    factor.data = {**factor.data, "other": [lost.encrypt(b"x").decode(), seal("y").decode()]}
    factor.save()
    return factor


def test_with_something_that_no_key_opens_nothing_is_changed(broken, keys, capsys):
    before, stored = read_seal_keys(keys), seals()

    assert rotate() == 2

    told = capsys.readouterr()
    assert (told.out, told.err.count("\n")) == ("", 1)
    assert f"mfa_authenticator {broken.pk}" in told.err
    assert str(keys) in told.err
    assert (read_seal_keys(keys), seals(), noted()) == (before, stored, [])


def test_what_no_key_opens_can_be_left_and_all_beside_it_is_sealed_anew(broken, keys, capsys):
    assert rotate("--leave-unreadable") == 0

    assert "unreadable 1" in capsys.readouterr().out
    after = Authenticator.objects.get(pk=broken.pk).data
    assert after["other"][0] == broken.data["other"][0]
    assert unseal(after["other"][1].encode()) == "y"
    assert Fernet(read_seal_keys(keys)[0]).decrypt(after["other"][1].encode()) == b"y"
    assert opens_by_the_present_key_alone(keys)


def test_two_changes_at_once_are_refused(house, keys, capsys):
    number = os.open(keys, os.O_RDONLY)
    fcntl.flock(number, fcntl.LOCK_EX)

    assert rotate() == 2

    os.close(number)
    assert "by another process" in capsys.readouterr().err
    assert files(keys) == ["identity-seal"]


def test_identities_of_the_demand_stay_with_their_demand(house, keys):
    with within(WHOLE):
        before = SealedIdentity.objects.values_list("pk", "demand_id")[0]

    rotate()

    with within(WHOLE):
        assert SealedIdentity.objects.values_list("pk", "demand_id")[0] == before
        assert Demand.objects.count() == 1
