"""Seals and their keys, and what the database lets be changed of a sealed identity."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from django.db import IntegrityError, connection, transaction

from redress.config.secret_files import write_secret
from redress.demands.models import SealedIdentity
from redress.registers import sealing
from redress.registers.offices.scope import WHOLE, within
from redress.registers.sealing import BrokenSeal, read_seal_keys, seal, unseal
from tests.registers.sealed_house import house, keys

__all__ = ["house", "keys"]
ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    ("rotating", "change"),
    [
        ("", "UPDATE demands_sealedidentity SET sealed = 'x'"),
        ("on", "UPDATE demands_sealedidentity SET demand_id = demand_id + 1, sealed = 'x'"),
        ("on", "UPDATE demands_sealedidentity SET id = id + 1"),
        ("on", "DELETE FROM demands_sealedidentity"),
    ],
)
def test_an_identity_is_never_changed_but_for_its_seal_in_a_change_of_keys(house, rotating, change):
    refused = pytest.raises(IntegrityError, match="append-only")
    with within(WHOLE), refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.rotating', %s, true)", [rotating])
        cursor.execute(change)


def test_after_a_batch_the_transaction_refuses_changes_again(house, keys):
    sealing.begin_change(keys, name="1", write=write_secret)
    with within(WHOLE):
        found = sealing.look_at_batch(sealing.SEALED_COLUMNS[0], after=0, reseal=True)
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            SealedIdentity.objects.update(sealed=b"x")

    assert found.stale == 1


def test_a_seal_of_no_known_key_is_broken(keys):
    with pytest.raises(BrokenSeal):
        unseal(Fernet(Fernet.generate_key()).encrypt(b"x"))


def test_a_process_without_its_folder_of_keys_goes_on_with_what_it_knows(keys):
    sealed = seal("Maryam")
    keys.rename(keys.with_name("away"))

    assert unseal(sealed) == "Maryam"
    assert unseal(seal("Ali")) == "Ali"


def test_a_key_taken_away_is_still_known_to_whoever_read_a_row_before(keys):
    """A page reads a row; the row is sealed anew and the old key goes; then the page opens it."""
    sealed = seal("Maryam")
    sealing.begin_change(keys, name="1", write=write_secret)
    sealing.end_change(keys)

    assert unseal(sealed) == "Maryam"
    assert Fernet(read_seal_keys(keys)[0]).decrypt(seal("Ali")) == b"Ali"


def test_every_room_that_seals_is_known_to_the_change_of_keys():
    """A new column of sealed texts must stand in SEALED_COLUMNS, or it would be lost."""
    sealing_rooms = {
        str(path.relative_to(ROOT / "redress"))
        for path in (ROOT / "redress").rglob("*.py")
        if path.name != "sealing.py"
        and re.search(r"(?<!un)(?<!def )\bseal(?:_many)?\(", path.read_text())
    }

    assert sealing_rooms == {
        "demands/hear.py",
        "registers/registry/households.py",
        "registers/accounts/adapters.py",
    }
    assert len(sealing.SEALED_COLUMNS) == 3
