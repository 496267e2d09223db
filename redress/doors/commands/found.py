"""`redress found FILE`: offices, bodies, funds and the first administrator of an installation."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from django.db import transaction
from django.utils import timezone, translation

from redress.doors.commands.intake import LANGUAGES
from redress.doors.look.words import word
from redress.formats.founding import (
    FoundedAdministrator,
    FoundedBody,
    Founding,
    Unfounded,
    read_founding,
)
from redress.formats.rows import Fault
from redress.registers.accounts.models import User
from redress.registers.accounts.roles import SYSTEM, Role
from redress.registers.ledger.accounts import open_fund
from redress.registers.limits.change import own_limit_of
from redress.registers.limits.install import give_body_a_limit, install_limits
from redress.registers.offices.models import Body, BodyKind, Office, Tenure
from redress.registers.offices.scope import WHOLE, within
from redress.registers.staffing import NameUnfit, NewAccount, open_account, user_name
from redress.relief.pay import receive_into_fund
from redress.values.days import Unit


def run(chosen: argparse.Namespace) -> int:
    """Found what a file says; again with the same file changes nothing."""
    path = Path(chosen.file)
    with translation.override(LANGUAGES[chosen.lang]):
        try:
            with within(WHOLE), transaction.atomic():
                founding = read_founding(path, today=timezone.localdate())
                _refuse_unknown(founding)
                _write(founding)
                password = _open_administrator(founding.administrator)
        except Unfounded as unfounded:
            for fault in unfounded.faults:
                _complain(path, fault)
            return 2
    counts = (len(founding.offices), len(founding.bodies), len(founding.funds))
    sys.stdout.write("offices {}\nbodies {}\nfunds {}\n".format(*counts))
    if password and founding.administrator:
        sys.stdout.write(f"{founding.administrator.username} {password}\n")
    return 0


def _refuse_unknown(founding: Founding) -> None:
    kinds = set(BodyKind.objects.values_list("code", flat=True))
    offices = {one.path for one in founding.offices} | set(
        Office.objects.values_list("path", flat=True)
    )
    faults = [
        Fault(number, "bodies.kind", "not_one_of", body.kind)
        for number, body in enumerate(founding.bodies, start=1)
        if body.kind not in kinds
    ]
    if founding.administrator:
        if founding.administrator.office not in offices:
            faults.append(
                Fault(1, "administrator.office", "unknown_place", founding.administrator.office)
            )
        try:
            user_name(founding.administrator.username)
        except NameUnfit:
            said = founding.administrator.username
            faults.append(Fault(1, "administrator.username", "not_one_of", said))
    if faults:
        raise Unfounded(faults)


def _is_user_name(written: str) -> bool:
    try:
        user_name(written)
    except NameUnfit:
        return False
    return True


def _write(founding: Founding) -> None:
    for office in founding.offices:
        en, fa, zh = office.names
        Office.objects.update_or_create(
            path=office.path,
            defaults={
                "kind": office.kind,
                "name_en": en,
                "name_fa": fa,
                "name_zh": zh,
                "email": office.email,
            },
        )
    install_limits()
    for body in founding.bodies:
        _write_body(body)
    for fund in founding.funds:
        opened = open_fund(path=fund.path, name=fund.name, currency=fund.opening.currency)
        if fund.opening.minor > 0:
            key = f"opening/{opened.pk}"
            receive_into_fund(
                opened, money=fund.opening, key=key, why="opening", by=SYSTEM, at=timezone.now()
            )


def _write_body(body: FoundedBody) -> None:
    en, fa, zh = body.names
    written, _ = Body.objects.update_or_create(
        path=body.path,
        name_en=en,
        defaults={
            "kind_id": body.kind,
            "name_fa": fa,
            "name_zh": zh,
            "email": body.email,
        },
    )
    if own_limit_of(written) is None:
        give_body_a_limit(written, count=body.answer_limit, unit=Unit(body.answer_unit))
    for function, name in (
        (Tenure.Function.MANAGER, body.manager),
        (Tenure.Function.DEPUTY, body.deputy),
    ):
        standing = written.tenures.filter(function=function, until_on=None)
        if not name or standing.filter(person_name=name).exists():
            continue
        standing.update(until_on=body.since_on)
        Tenure.objects.create(
            body=written, person_name=name, function=function, since_on=body.since_on
        )


def _open_administrator(wanted: FoundedAdministrator | None) -> str:
    """Open the account unless it is there; give its first password."""
    if wanted is None or User.objects.filter(username=user_name(wanted.username)).exists():
        return ""
    office = Office.objects.get(path=wanted.office)
    new = NewAccount(wanted.username, wanted.full_name, Role.ADMINISTRATOR, office)
    _, password = open_account(new, by=SYSTEM, at=timezone.now())
    return password


def _complain(path: Path, fault: Fault) -> None:
    kind = "unreadable" if fault.reason in {"not_found", "not_yaml"} else "fault"
    where = f"{path}: {fault.column}" + (f" ({fault.row})" if fault.row else "")
    said = f" [{fault.said}]" if fault.said else ""
    sys.stderr.write(f"{where} {word(kind, fault.reason)}{said}\n")
