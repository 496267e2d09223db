import django.db.models.deletion
from django.db import migrations, models
from django.db.migrations import RunSQL

from redress.registers.offices.rowlevel import (
    IN_PLACE,
    OPENED_BY_RECEIPT,
    follows,
    restriction,
    settled_by,
    stays_but,
)

NOT_A_BODY = f"({IN_PLACE.replace('path', 'p.path')}) OR p.{OPENED_BY_RECEIPT}"

# The owner's right sees all rows: so the two functions that write look first whose they are.
SEEN = """
    (d.path >= coalesce(current_setting('app.lo', true), '')
     AND d.path < coalesce(current_setting('app.hi', true), ''))
    OR d.body_id = NULLIF(current_setting('app.body', true), '')::bigint
    OR d.receipt_fingerprint = NULLIF(current_setting('app.receipt', true), '')
    OR (coalesce(current_setting('app.body', true), '') <> ''
        AND demands_sits_at(d.id, current_setting('app.body', true)))
"""
WORDS = f"""
CREATE OR REPLACE FUNCTION demands_note_words(given jsonb) RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    INSERT INTO demands_words (demand_id, for_union, for_body)
    SELECT d.id,
           array_to_tsvector(ARRAY(SELECT jsonb_array_elements_text(r -> 'union'))),
           array_to_tsvector(ARRAY(SELECT jsonb_array_elements_text(r -> 'body')))
    FROM jsonb_array_elements(given) r JOIN demands_demand d ON d.id = (r ->> 'id')::bigint
    WHERE {SEEN}
    ON CONFLICT (demand_id) DO UPDATE
    SET for_union = EXCLUDED.for_union, for_body = EXCLUDED.for_body
$$;
CREATE OR REPLACE FUNCTION demands_show_words(numbers bigint[], body bigint) RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    UPDATE demands_words SET for_body = for_body || array_to_tsvector(ARRAY['#' || body])
    WHERE demand_id IN (SELECT d.id FROM demands_demand d WHERE d.id = ANY(numbers) AND ({SEEN}))
$$;
CREATE OR REPLACE FUNCTION demands_found(wanted tsquery, at_most integer) RETURNS SETOF bigint
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    lo text := coalesce(current_setting('app.lo', true), '');
    hi text := coalesce(current_setting('app.hi', true), '');
    body text := coalesce(current_setting('app.body', true), '');
BEGIN
    IF body <> '' THEN
        RETURN QUERY SELECT m.demand_id FROM (SELECT w.demand_id FROM demands_words w
            WHERE w.for_body @@ (quote_literal('#' || body)::tsquery && wanted)
            OFFSET 0) m ORDER BY m.demand_id DESC LIMIT at_most;
    ELSIF lo = '' AND hi = '~' THEN
        RETURN QUERY SELECT m.demand_id FROM (SELECT w.demand_id FROM demands_words w
            WHERE w.for_union @@ wanted
            OFFSET 0) m ORDER BY m.demand_id DESC LIMIT at_most;
    ELSIF lo <> '' AND hi = left(lo, -1) || '/' THEN
        RETURN QUERY SELECT m.demand_id FROM (SELECT w.demand_id FROM demands_words w
            WHERE w.for_union @@ (quote_literal('@' || lo)::tsquery && wanted)
            OFFSET 0) m ORDER BY m.demand_id DESC LIMIT at_most;
    END IF;
END $$;
"""  # noqa: S608 - our own words


class Migration(migrations.Migration):
    """Workers add words and papers; what was asked, checked, called and returned stays as it was."""

    dependencies = [("demands", "0008_lists_are_read_off_an_index")]

    operations = [
        migrations.CreateModel(
            name="Addition",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField()),
                ("text", models.TextField(blank=True)),
                ("channel", models.CharField(default="receipt", max_length=14)),
                ("put_down_by", models.CharField(blank=True, max_length=200)),
                ("read_at", models.DateTimeField(null=True)),
                (
                    "demand",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="additions",
                        to="demands.demand",
                    ),
                ),
            ],
            options={"ordering": ["id"]},
        ),
        migrations.AddIndex(
            model_name="addition",
            index=models.Index(
                condition=models.Q(("read_at", None)),
                fields=["demand"],
                name="additions_not_read",
            ),
        ),
        migrations.AddField(
            model_name="attachment",
            name="addition",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="attachments",
                to="demands.addition",
            ),
        ),
        migrations.AddField(
            model_name="question",
            name="taken_back_at",
            field=models.DateTimeField(null=True),
        ),
        follows("demands_addition", "demand_id", parent="demands_demand", where=NOT_A_BODY),
        restriction(
            "demands_attachment",
            "demands_attachment_added",
            using="addition_id IS NULL OR coalesce(current_setting('app.body', true), '') = ''",
        ),
        stays_but("demands_addition", "read_at"),
        stays_but("demands_question", "answered_at", "answer", "channel", "taken_back_at"),
        settled_by("demands_question", "answered_at", "answer", "channel"),
        stays_but("demands_checkin", "done_at", "done_by", "how", "text"),
        settled_by("demands_checkin", "done_at", "done_by", "how", "text"),
        stays_but("demands_samplecall", "outcome", "said", "called_at", "called_by"),
        stays_but(
            "demands_referral",
            *("returned_at", "return_reason", "better_body_id", "excused_at", "excuse"),
        ),
        settled_by("demands_referral", "returned_at", "return_reason", "better_body_id"),
        settled_by("demands_referral", "excused_at", "excuse"),
        RunSQL(WORDS, RunSQL.noop),
    ]
