"""A nation of a hundred counties and its demands, for bench/demands.py, beside a serving Redress."""

from __future__ import annotations

import base64
import datetime as dt
import json
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

PASSWORD = "bench-only-password"
_SPREAD = """
    UPDATE demands_demand d SET
        state = CASE WHEN d.id % 20 < 5 THEN 'heard' WHEN d.id % 20 < 9 THEN 'sorted'
                     WHEN d.id % 20 < 14 THEN 'routed' WHEN d.id % 20 < 18 THEN 'accepted'
                     ELSE 'answered' END,
        body_id = CASE WHEN d.id % 20 >= 9 THEN b.id END,
        read_by_body = CASE WHEN d.id % 20 >= 9 THEN d.text ELSE '' END,
        deadline_id = (SELECT l.id FROM limits_deadline l
                       WHERE l.since_on = current_date - (d.id * 7919 % 900)::int AND NOT l.extended
                         AND l.code = CASE WHEN d.id % 20 < 9 THEN 'union.normal'
                             WHEN d.id % 20 < 18 THEN 'body.answer' ELSE 'worker.word' END
                         AND l.country = 'ir')
    FROM offices_body b WHERE b.kind_id = 'labour_office' AND b.path = d.path
"""
_HOLDS = """
    INSERT INTO demands_hold (demand_id, since_on, at, holder, body_id, deadline_id)
    SELECT d.id, l.since_on, now(), CASE WHEN d.body_id IS NULL THEN 'union'
           WHEN d.state = 'answered' THEN 'worker' ELSE 'body' END,
           CASE WHEN d.state <> 'answered' THEN d.body_id END, l.id
    FROM demands_demand d JOIN limits_deadline l ON l.id = d.deadline_id
"""
_PEER_TEXTS = "SELECT id, path, left(text, 190), text, heard_at FROM demands_demand"


def found(counties: int) -> None:
    """Write the offices, bodies, the counties' limits and one officer."""
    from redress.registers.accounts.models import Post, User
    from redress.registers.offices.models import Body, Office

    places = [("ir.", "nation"), *((f"ir.p{n}.", "province") for n in range(1, 11))]
    places += [(county_path(number), "county") for number in range(counties)]
    Office.objects.bulk_create([
        Office(path=path, kind=kind, name_en=path, name_fa=path, name_zh=path)
        for path, kind in places
    ])
    kinds = {"county": ("labour_office", "county_governor"), "province": ("governor",)}
    Body.objects.bulk_create([
        Body(kind_id=code, path=path, name_en=code, name_fa=code, name_zh=code)
        for path, kind in places
        for code in kinds.get(kind, ())
    ])
    user = User.objects.create_user("officer", PASSWORD, full_name="Officer")
    office = Office.objects.get(path=county_path(0))
    Post.objects.create(
        user=user, role="county_officer", office=office, since_on=dt.date(2020, 1, 1)
    )


def county_path(number: int) -> str:
    """Name a county."""
    return f"ir.p{number % 10 + 1}.c{number // 10 + 1:02}."


def take_in(demands: int, *, folder: str) -> float:
    """Import a file of demands as `redress import demands` does; give how many a second."""
    from redress.demonstration.made import demand_row, made_demands
    from redress.doors.commands.demand_rows import DemandIntake
    from redress.doors.commands.take_in import take_file
    from redress.registers.accounts.roles import SYSTEM
    from redress.registers.offices.scope import WHOLE, within

    now = dt.datetime.now(dt.UTC)
    path = Path(folder) / "demands.jsonl"
    with path.open("w", encoding="utf-8") as file:
        for number, one in enumerate(made_demands(demands, seed=7, today=now.date())):
            row = {**demand_row(one), "office": county_path(number % 100)}
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
    began = time.perf_counter()
    with within(WHOLE), DemandIntake(source="bench", by=SYSTEM, at=now) as intake:
        refused, counts = take_file(path, intake)
    seconds = time.perf_counter() - began
    assert not refused
    assert counts["new"] == demands
    path.unlink()
    return demands / seconds


def spread_out() -> None:
    """Let the demands lie with unions, bodies and workers, since days of the last 900."""
    from django.db import connections

    from redress.registers.limits.deadlines import deadline

    today = dt.datetime.now(dt.UTC).date()
    for code in ("union.normal", "body.answer", "worker.word"):
        for days in range(902):
            deadline(code, country="ir", since_on=today - dt.timedelta(days=days))
    with connections["owner"].cursor() as cursor:
        cursor.execute(_SPREAD)
        cursor.execute(_HOLDS)
        cursor.execute("VACUUM ANALYZE")


def sign_in() -> str:
    """Give the cookie of a signed-in officer."""
    from django.conf import settings
    from django.test import Client

    from redress.registers.accounts.models import User

    client = Client(headers={"host": "localhost"})
    client.force_login(User.objects.get(username="officer"))
    name = settings.SESSION_COOKIE_NAME
    return f"{name}={client.cookies[name].value}"


def overdue() -> int:
    """Count what is overdue in the whole nation."""
    from redress.demands.backlog import Wanted, wanted_demands
    from redress.registers.accounts.roles import SYSTEM
    from redress.registers.offices.scope import WHOLE, within

    today = dt.datetime.now(dt.UTC).date()
    with within(WHOLE):
        return wanted_demands(Wanted(due="overdue"), seen_by=SYSTEM, today=today).count()


def change_limit(*, days: int) -> None:
    """Let bodies have other days for an answer."""
    from redress.registers.accounts.roles import SYSTEM
    from redress.registers.limits.change import NewLength, change_limit
    from redress.registers.limits.models import Limit
    from redress.values.days import Unit

    limit = Limit.objects.get(code="body.answer", country="ir")
    to = NewLength(days, Unit.DAY, "bench")
    change_limit(limit, to=to, why="bench", by=SYSTEM, at=dt.datetime.now(dt.UTC))


def climb() -> dict[str, int]:
    """Climb the ladder as the task worker does."""
    from redress.demands.escalate import climb_ladder

    return climb_ladder(at=dt.datetime.now(dt.UTC))


def peer_database(home: str) -> str:
    """Make a database for the peer in the same server, with the same texts in a table of its own."""
    import psycopg
    from django.db import connections
    from psycopg import sql

    from redress.config.embedded import Cluster

    address = Cluster(Path(home)).address()
    with psycopg.connect(address, autocommit=True) as server:
        server.execute("CREATE ROLE helpdesk LOGIN SUPERUSER PASSWORD 'helpdesk'")
        server.execute("CREATE DATABASE helpdesk OWNER helpdesk")
    there = connections["owner"].settings_dict
    peer = (
        f"host={there['HOST']} port={there['PORT']} dbname=helpdesk user=helpdesk password=helpdesk"
    )
    with psycopg.connect(peer, autocommit=True) as to, connections["owner"].cursor() as cursor:
        to.execute(
            "CREATE TABLE texts (id bigint, path text, title text, body text, at timestamptz)"
        )
        copying = sql.SQL(f"COPY ({_PEER_TEXTS}) TO STDOUT")
        with cursor.copy(copying) as out, to.cursor().copy("COPY texts FROM STDIN") as into:
            for block in out:
                into.write(block)
    return peer


def peer_queries(words: Sequence[str]) -> dict[str, list[str]]:
    """Write the addresses of the peer's list of one queue, and of a search in it."""

    def address(**more: Any) -> str:
        query = {
            "filtering": {"queue__id__in": [1], "status__in": [1, 2]},
            "sorting": "due_date",
            **more,
        }
        coded = base64.b64encode(json.dumps(query).encode()).decode()
        table = "draw=1&start=0&length=50&order[0][column]=6&order[0][dir]=asc&search[value]="
        return f"/datatables_ticket_list/{coded}?{table}"

    return {"list": [address()], "search": [address(search_string=word) for word in words]}
