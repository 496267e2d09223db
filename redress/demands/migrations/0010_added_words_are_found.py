from django.db import migrations
from django.db.migrations import RunSQL

from redress.registers.offices.rowlevel import HELD_BY_BODY, IN_PLACE, OPENED_BY_RECEIPT

# The owner's right sees all rows: so what writes words asks first which demands the caller may see,
# by the same words as the row policies of the demands themselves.
WORDS = f"""
CREATE FUNCTION demands_those_seen(numbers bigint[]) RETURNS SETOF bigint
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT id FROM demands_demand WHERE id = ANY(numbers) AND (
        ({IN_PLACE}) OR {HELD_BY_BODY} OR {OPENED_BY_RECEIPT}
        OR (coalesce(current_setting('app.body', true), '') <> ''
            AND demands_sits_at(id, current_setting('app.body', true))))
$$;
CREATE FUNCTION demands_word_rows(given jsonb)
    RETURNS TABLE (id bigint, for_union tsvector, for_body tsvector)
    LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT (r ->> 'id')::bigint,
           array_to_tsvector(ARRAY(SELECT jsonb_array_elements_text(r -> 'union'))),
           array_to_tsvector(ARRAY(SELECT jsonb_array_elements_text(r -> 'body')))
    FROM jsonb_array_elements(given) r
    JOIN demands_those_seen(ARRAY(
        SELECT (r ->> 'id')::bigint FROM jsonb_array_elements(given) r
    )) seen ON seen = (r ->> 'id')::bigint
$$;
CREATE OR REPLACE FUNCTION demands_note_words(given jsonb) RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    INSERT INTO demands_words (demand_id, for_union, for_body)
    SELECT id, for_union, for_body FROM demands_word_rows(given)
    ON CONFLICT (demand_id) DO UPDATE
    SET for_union = EXCLUDED.for_union, for_body = EXCLUDED.for_body
$$;
CREATE FUNCTION demands_note_readers(given jsonb) RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    UPDATE demands_words w SET for_body = r.for_body
    FROM demands_word_rows(given) r WHERE w.demand_id = r.id
$$;
CREATE OR REPLACE FUNCTION demands_show_words(numbers bigint[], body bigint) RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    UPDATE demands_words SET for_body = for_body || array_to_tsvector(ARRAY['#' || body])
    WHERE demand_id IN (SELECT demands_those_seen(numbers))
$$;
"""  # noqa: S608 - our own words


class Migration(migrations.Migration):
    """What a worker adds is found by the union; bodies' readings change no word of the union's."""

    dependencies = [("demands", "0009_workers_add_to_demands")]

    operations = [RunSQL(WORDS, RunSQL.noop)]
