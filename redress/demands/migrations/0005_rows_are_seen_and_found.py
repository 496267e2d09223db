from django.db import migrations
from django.db.migrations import RunSQL

from redress.registers.offices.rowlevel import (
    HELD_BY_BODY,
    IN_PLACE,
    OPENED_BY_RECEIPT,
    append_only,
    follows,
    policy,
    restriction,
)

NOT_A_BODY = f"({IN_PLACE.replace('path', 'p.path')}) OR p.{OPENED_BY_RECEIPT}"

# Asked by the owner's right: the rows of the table at which bodies sit are seen by who sees the
# demand, so the demand's own policy cannot ask them under row security without going in a circle.
AT_THE_TABLE = """
CREATE FUNCTION demands_sits_at(number bigint, body text) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT EXISTS (SELECT 1 FROM demands_party p WHERE p.demand_id = number
                   AND p.body_id = NULLIF(body, '')::bigint AND p.until_at IS NULL)
$$;
"""
AT_THE_TABLE_BACK = "DROP FUNCTION demands_sits_at;"
SITS = (
    "coalesce(current_setting('app.body', true), '') <> ''"
    " AND demands_sits_at(id, current_setting('app.body', true))"
)

# A payslip names its owner: an employer reads none of the worker's papers where the name is kept.
NOT_TO_THE_EMPLOYER = """
    brought_by <> 'worker' OR coalesce(current_setting('app.body', true), '') = ''
    OR NOT EXISTS (SELECT 1 FROM offices_body b WHERE b.kind_id = 'employer'
                   AND b.id = NULLIF(current_setting('app.body', true), '')::bigint)
    OR NOT EXISTS (SELECT 1 FROM demands_demand d
                   WHERE d.id = demand_id AND d.keep_name_from_employer)
"""

# No policy lets anybody read this table; the two functions are the owner's.
WORDS = """
CREATE TABLE demands_words (
    demand_id bigint PRIMARY KEY REFERENCES demands_demand (id) ON DELETE CASCADE,
    for_union tsvector NOT NULL,
    for_body tsvector NOT NULL
);
CREATE INDEX demands_words_of_the_union ON demands_words USING gin (for_union);
CREATE INDEX demands_words_of_a_body ON demands_words USING gin (for_body);
ALTER TABLE demands_words ENABLE ROW LEVEL SECURITY;

CREATE FUNCTION demands_note_words(given jsonb) RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    INSERT INTO demands_words (demand_id, for_union, for_body)
    SELECT (r ->> 'id')::bigint,
           array_to_tsvector(ARRAY(SELECT jsonb_array_elements_text(r -> 'union'))),
           array_to_tsvector(ARRAY(SELECT jsonb_array_elements_text(r -> 'body')))
    FROM jsonb_array_elements(given) r
    ON CONFLICT (demand_id) DO UPDATE
    SET for_union = EXCLUDED.for_union, for_body = EXCLUDED.for_body
$$;

CREATE FUNCTION demands_show_words(numbers bigint[], body bigint) RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    UPDATE demands_words SET for_body = for_body || array_to_tsvector(ARRAY['#' || body])
    WHERE demand_id = ANY(numbers)
$$;

CREATE FUNCTION demands_found(wanted tsquery, at_most integer) RETURNS SETOF bigint
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    lo text := coalesce(current_setting('app.lo', true), '');
    hi text := coalesce(current_setting('app.hi', true), '');
    body text := coalesce(current_setting('app.body', true), '');
BEGIN
    IF body <> '' THEN
        RETURN QUERY SELECT w.demand_id FROM demands_words w
            WHERE w.for_body @@ (quote_literal('#' || body)::tsquery && wanted) LIMIT at_most;
    ELSIF lo = '' AND hi = '~' THEN
        RETURN QUERY SELECT w.demand_id FROM demands_words w
            WHERE w.for_union @@ wanted LIMIT at_most;
    ELSIF lo <> '' AND hi = left(lo, -1) || '/' THEN
        RETURN QUERY SELECT w.demand_id FROM demands_words w
            WHERE w.for_union @@ (quote_literal('@' || lo)::tsquery && wanted) LIMIT at_most;
    END IF;
END $$;
"""
WORDS_BACK = """
DROP FUNCTION demands_found; DROP FUNCTION demands_show_words; DROP FUNCTION demands_note_words; DROP TABLE demands_words;
"""


class Migration(migrations.Migration):
    """Each new table is seen by whoever sees the demand, its place or its body."""

    dependencies = [("demands", "0004_demands_in_full")]

    operations = [
        RunSQL(AT_THE_TABLE, AT_THE_TABLE_BACK),
        policy("demands_demand", "demands_demand_at_table", using=SITS, check="false"),
        restriction("demands_attachment", "demands_attachment_kept", using=NOT_TO_THE_EMPLOYER),
        follows("demands_party", "demand_id", parent="demands_demand"),
        follows("demands_hold", "demand_id", parent="demands_demand"),
        follows("demands_verification", "demand_id", parent="demands_demand"),
        follows("demands_question", "demand_id", parent="demands_demand"),
        follows("demands_marking", "demand_id", parent="demands_demand"),
        follows("demands_markingword", "marking_id", parent="demands_marking"),
        follows("demands_checkin", "demand_id", parent="demands_demand", where=NOT_A_BODY),
        follows("demands_identityrequest", "demand_id", parent="demands_demand", where=NOT_A_BODY),
        follows("demands_identitydecision", "demand_id", parent="demands_demand", where=NOT_A_BODY),
        policy("demands_hearing", "demands_hearing_in_place", using=IN_PLACE),
        policy("demands_promise", "demands_promise_in_place", using=IN_PLACE),
        policy("demands_promise", "demands_promise_of_body", using=HELD_BY_BODY),
        follows("demands_promise", "demand_id", parent="demands_demand"),
        policy("demands_collective", "demands_collective_in_place", using=IN_PLACE),
        follows("demands_membership", "collective_id", parent="demands_collective"),
        policy("demands_sample", "demands_sample_in_place", using=IN_PLACE),
        follows("demands_samplecall", "sample_id", parent="demands_sample"),
        policy("demands_notice", "demands_notice_in_place", using=IN_PLACE),
        policy("demands_notice", "demands_notice_to_body", using=HELD_BY_BODY),
        follows("demands_notice", "demand_id", parent="demands_demand"),
        append_only("demands_hold"),
        append_only("demands_verification"),
        append_only("demands_marking"),
        append_only("demands_markingword"),
        append_only("demands_identityrequest"),
        append_only("demands_identitydecision"),
        append_only("demands_hearing"),
        RunSQL(WORDS, WORDS_BACK),
    ]
