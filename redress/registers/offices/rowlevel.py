"""Migration operations: row-level policies and append-only tables.

Table and column names are written by us in migrations, never taken from outside.
"""

from __future__ import annotations

from typing import Final

from django.db.migrations import RunSQL

IN_PLACE: Final = (
    "path >= coalesce(current_setting('app.lo', true), '')"
    " AND path < coalesce(current_setting('app.hi', true), '')"
)
_GUARDS: Final = """
CREATE OR REPLACE FUNCTION refuse_other_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    free text[] := coalesce(TG_ARGV, '{}');
BEGIN
    IF TG_OP = 'DELETE' OR to_jsonb(NEW) - free IS DISTINCT FROM to_jsonb(OLD) - free THEN
        RAISE EXCEPTION '% is append-only', TG_TABLE_NAME
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE FUNCTION refuse_settled_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF to_jsonb(OLD) ->> TG_ARGV[0] IS NOT NULL AND EXISTS (
        SELECT 1 FROM unnest(TG_ARGV) c
        WHERE to_jsonb(NEW) -> c IS DISTINCT FROM to_jsonb(OLD) -> c
    ) THEN
        RAISE EXCEPTION '% is append-only', TG_TABLE_NAME
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
"""
HELD_BY_BODY: Final = "body_id = NULLIF(current_setting('app.body', true), '')::bigint"
OPENED_BY_RECEIPT: Final = "receipt_fingerprint = NULLIF(current_setting('app.receipt', true), '')"


def reading_policy(table: str, name: str, *, using: str) -> RunSQL:
    """Let rows be seen, but not written, where ``using`` holds."""
    return RunSQL(
        f"CREATE POLICY {name} ON {table} FOR SELECT USING ({using});",
        f"DROP POLICY {name} ON {table};",
    )


def policy(table: str, name: str, *, using: str, check: str | None = None) -> RunSQL:
    """Let rows be seen and written where ``using`` holds; several policies of a table add up."""
    return RunSQL(
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;"
        f"CREATE POLICY {name} ON {table} USING ({using}) WITH CHECK ({check or using});",
        f"DROP POLICY {name} ON {table};",
    )


def restriction(table: str, name: str, *, using: str) -> RunSQL:
    """Hide rows where ``using`` does not hold, whatever the other policies of the table say."""
    return RunSQL(
        f"CREATE POLICY {name} ON {table} AS RESTRICTIVE FOR SELECT USING ({using});",
        f"DROP POLICY {name} ON {table};",
    )


def follows(table: str, column: str, *, parent: str, where: str = "true") -> RunSQL:
    """Let a row be seen by whoever sees its parent row, for which ``where`` also holds."""
    return policy(
        table,
        f"{table}_follows_{parent}",
        using=f"EXISTS (SELECT 1 FROM {parent} p WHERE p.id = {table}.{column} AND ({where}))",  # noqa: S608 - our own names
    )


def stays_but(table: str, *columns: str) -> RunSQL:
    """Refuse to delete a row, or to change anything of it but some columns, whoever asks."""
    return _guard(
        table, "stays_but", "UPDATE OR DELETE", f"refuse_other_change({_listed(columns)})"
    )


def settled_by(table: str, moment: str, *columns: str) -> RunSQL:
    """Refuse to change some columns, and the moment they were written at, once it is there."""
    told = _listed((moment, *columns))
    return _guard(table, f"settled_by_{moment}", "UPDATE", f"refuse_settled_change({told})")


def stays_when(table: str, condition: str) -> RunSQL:
    """Refuse to change a row at all once a condition on ``OLD`` holds."""
    return _guard(table, "stays_when", "UPDATE", "refuse_other_change()", f"WHEN ({condition})")


def never_deleted(table: str) -> RunSQL:
    """Refuse to delete a row, whoever asks."""
    return _guard(table, "never_deleted", "DELETE", "refuse_other_change()")


def _listed(columns: tuple[str, ...]) -> str:
    return ", ".join(f"'{column}'" for column in columns)


def _guard(table: str, name: str, events: str, call: str, when: str = "") -> RunSQL:
    return RunSQL(
        f"""{_GUARDS}
        CREATE TRIGGER {table}_{name} BEFORE {events} ON {table}
            FOR EACH ROW {when} EXECUTE FUNCTION {call};
        """,
        f"DROP TRIGGER {table}_{name} ON {table};",
    )


def append_only(table: str) -> RunSQL:
    """Refuse every UPDATE, DELETE and TRUNCATE of a table, whoever asks."""
    return RunSQL(
        f"""
        CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION '% is append-only', TG_TABLE_NAME
                USING ERRCODE = 'restrict_violation';
        END $$;
        CREATE TRIGGER {table}_rows_stay BEFORE UPDATE OR DELETE ON {table}
            FOR EACH ROW EXECUTE FUNCTION refuse_change();
        CREATE TRIGGER {table}_stays BEFORE TRUNCATE ON {table}
            FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
        """,
        f"DROP TRIGGER {table}_rows_stay ON {table}; DROP TRIGGER {table}_stays ON {table};",
    )
