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
