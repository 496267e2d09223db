from django.db import migrations
from django.db.migrations import RunSQL

from redress.registers.offices.rowlevel import restriction

# Where bodies sit is told of the body whose scope it is, and of no other.
SITS = """
CREATE OR REPLACE FUNCTION demands_sits_at(number bigint, body text) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT body = current_setting('app.body', true) AND EXISTS (
        SELECT 1 FROM demands_party p WHERE p.demand_id = number
        AND p.body_id = NULLIF(body, '')::bigint AND p.until_at IS NULL)
$$;
"""
OWN = (
    "coalesce(current_setting('app.body', true), '') = ''"
    " OR body_id = NULLIF(current_setting('app.body', true), '')::bigint"
)


class Migration(migrations.Migration):
    """What the union or another body asked a worker, and the answer, are not for the next body."""

    dependencies = [("demands", "0011_what_was_said_and_done_stays")]

    operations = [
        restriction("demands_question", "demands_question_own", using=OWN),
        restriction(
            "demands_markingword",
            "demands_markingword_union",
            using="coalesce(current_setting('app.body', true), '') = ''",
        ),
        RunSQL(SITS, RunSQL.noop),
    ]
