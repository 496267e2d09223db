"""What the tests of changing the key of seals share: a house full of seals, and looks at it."""

from __future__ import annotations

from pathlib import Path

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from cryptography.fernet import Fernet

from redress.config.command import _parser
from redress.config.secret_files import read_or_make_secret, write_secret
from redress.demands.hear import HeardWords, hear_demand
from redress.demands.models import SealedIdentity
from redress.doors.commands import rotate_keys
from redress.registers.accounts.models import User
from redress.registers.accounts.roles import worker_with
from redress.registers.journal.models import Entry
from redress.registers.offices.scope import WHOLE, within
from redress.registers.registry.households import national_id_of
from redress.registers.registry.models import Member
from redress.registers.sealing import read_seal_keys, unseal
from tests.conftest import GOLANDASHT, NILKUH, NOON, RECEIPT, Cast, household


@pytest.fixture
def keys(settings, tmp_path) -> Path:
    """A folder of keys of this test's own; the process knows its one key."""
    read_or_make_secret(tmp_path, "identity-seal")
    settings.REDRESS_KEYS = tmp_path / "keys"
    settings.REDRESS_SEAL_KEYS = read_seal_keys(settings.REDRESS_KEYS)
    return settings.REDRESS_KEYS


def fill(cast: Cast) -> None:
    """Seal something of every kind, in two counties."""
    words = HeardWords(
        text="Pay us.", path=NILKUH, receipt_fingerprint=RECEIPT, name="Maryam", contact="0900"
    )
    with within(WHOLE):
        hear_demand(words, by=worker_with(RECEIPT), at=NOON)
        household(cast)
        household(cast, path=GOLANDASHT)
        TOTP.activate(User.objects.get(username="officer"), "JBSWY3DPEHPK3PXP")
        codes = RecoveryCodes.activate(User.objects.get(username="officer")).instance
        codes.data["used_mask"] = 5
        codes.save()


@pytest.fixture
def house(cast: Cast, keys) -> Cast:
    fill(cast)
    return cast


def opened() -> list[str]:
    """Open everything sealed, as the pages do."""
    with within(WHOLE):
        identities = [unseal(bytes(one.sealed)) for one in SealedIdentity.objects.order_by("pk")]
        numbers = [national_id_of(one) for one in Member.objects.order_by("pk")]
        factors = [
            unseal(one.data["secret"].encode())
            for one in Authenticator.objects.filter(type="totp").order_by("pk")
        ]
        codes = [
            code
            for one in Authenticator.objects.filter(type="recovery_codes")
            for code in RecoveryCodes(one).generate_codes()
        ]
    return [*identities, *numbers, *factors, *codes]


def seals() -> list[bytes]:
    """Give everything sealed as it is stored."""
    with within(WHOLE):
        found = [bytes(one.sealed) for one in SealedIdentity.objects.all()]
        found += [bytes(m.national_id_sealed) for m in Member.objects.all() if m.national_id_sealed]
        for one in Authenticator.objects.all():
            found += [one.data[name].encode() for name in ("secret", "seed") if name in one.data]
    return found


def opens_by_the_present_key_alone(keys: Path) -> bool:
    alone = Fernet(bytes(read_seal_keys(keys)[0]))
    return all(alone.decrypt(token) is not None for token in seals())


def rotate(*more: str) -> int:
    return rotate_keys.run(_parser().parse_args(["rotate-keys", *more]), write=write_secret)


def files(keys: Path) -> list[str]:
    return sorted(path.name for path in keys.iterdir())


def noted() -> list[Entry]:
    with within(WHOLE):
        return list(Entry.objects.filter(deed="identity.sealed_anew"))
