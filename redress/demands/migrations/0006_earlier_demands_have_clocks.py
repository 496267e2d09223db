import datetime as dt
import json

from django.db import migrations

from redress.values.days import Unit, add_limit, local_day
from redress.values.places import paths_above
from redress.values.search_words import index_words

# The day that a moment was where the demand comes from, and none before it was raised.
DAY = """
    greatest(d.heard_on, ({} AT TIME ZONE CASE left(d.path, 2)
        WHEN 'ir' THEN 'Asia/Tehran' WHEN 'cn' THEN 'Asia/Shanghai'
        WHEN 'gb' THEN 'Europe/London' ELSE 'UTC' END)::date)
"""
HOLDS = f"""
INSERT INTO demands_hold (demand_id, since_on, at, holder)
    SELECT id, heard_on, heard_at, 'union' FROM demands_demand ORDER BY id;
INSERT INTO demands_hold (demand_id, since_on, at, holder, body_id)
    SELECT demand_id, {DAY.format("sent_at")}, sent_at, 'body', r.body_id
    FROM demands_referral r JOIN demands_demand d ON d.id = r.demand_id
    WHERE d.state NOT IN ('heard', 'sorted') ORDER BY r.id;
INSERT INTO demands_hold (demand_id, since_on, at, holder)
    SELECT demand_id, {DAY.format("returned_at")}, returned_at, 'union' FROM demands_referral r
    JOIN demands_demand d ON d.id = r.demand_id WHERE d.state = 'returned' AND returned_at IS NOT NULL;
INSERT INTO demands_hold (demand_id, since_on, at, holder)
    SELECT d.id, {DAY.format("max(a.at)")}, max(a.at), 'worker' FROM demands_answer a
    JOIN demands_demand d ON d.id = a.demand_id WHERE d.state = 'answered' GROUP BY d.id;
INSERT INTO demands_hold (demand_id, since_on, at, holder)
    SELECT d.id, {DAY.format("closed_at")}, closed_at, 'nobody' FROM demands_demand d
    WHERE state IN ('closed', 'withdrawn') ORDER BY id;
"""  # noqa: S608 - our own words
DAYS = {"critical": 1, "high": 3, "normal": 10, "low": 30}


def run(apps, schema_editor):
    """Give each demand its holds, the deadline that runs, and the words it is found by."""
    demand, limit = apps.get_model("demands", "Demand"), apps.get_model("limits", "Limit")
    deadline, hold = apps.get_model("limits", "Deadline"), apps.get_model("demands", "Hold")
    if not demand.objects.exists():
        return
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(HOLDS)
    own = {one.code: (one.count, one.unit) for one in limit.objects.all()}
    known = {}

    def until(code, country, since, count, unit):
        key = (code, country, since)
        if key not in known:
            last = add_limit(since, limit=count, unit=Unit(unit), country=country)
            known[key], _ = deadline.objects.get_or_create(
                code=code, country=country, since_on=since, defaults={"last_on": last}
            )
        return known[key]

    for one in demand.objects.iterator():
        country = one.path[:2]
        last = hold.objects.filter(demand=one).latest("id")
        since = (
            max(last.since_on, local_day(one.heard_at, country=country))
            if last.holder == "union"
            else last.since_on
        )
        if one.state in {"routed", "accepted"}:
            count, unit = own.get(f"body.{one.body_id}", (20, "workday"))
            one.deadline = until(f"body.{one.body_id}", country, since, count, unit)
        elif one.state == "answered":
            one.deadline = until("worker.word", country, since, 30, "day")
        elif last.holder == "union":
            one.deadline = until(f"union.{one.urgency}", country, since, DAYS[one.urgency], "day")
        # None of these demands was marked: a body has read them whole, and still does.
        one.read_by_body = one.text if one.body_id else ""
        one.save(update_fields=["deadline", "read_by_body"])
        words = index_words(f"{one.text}\n{one.employer}\n{one.workplace}")
        row = {
            "id": one.pk,
            "union": [*(f"@{path}" for path in paths_above(one.path)), *words],
            "body": [f"#{one.body_id}", *words] if one.body_id else [],
        }
        with schema_editor.connection.cursor() as cursor:
            cursor.execute("SELECT demands_note_words(%s)", [json.dumps([row])])


class Migration(migrations.Migration):
    """What was heard before there were clocks gets one from the days that are known."""

    dependencies = [("demands", "0005_rows_are_seen_and_found")]

    operations = [migrations.RunPython(run, migrations.RunPython.noop)]
