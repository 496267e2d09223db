from django.db import migrations
from django.db.migrations import RunSQL

# The row stays as it is but for its seal, and that changes only in a transaction that says so.
FORWARD = """
CREATE FUNCTION demands_refuse_other_identity() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    before demands_sealedidentity;
BEGIN
    IF TG_OP = 'UPDATE' AND current_setting('app.rotating', true) = 'on' THEN
        before := OLD;
        before.sealed := NEW.sealed;
        IF NEW IS NOT DISTINCT FROM before THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
DROP TRIGGER demands_sealedidentity_rows_stay ON demands_sealedidentity;
CREATE TRIGGER demands_sealedidentity_rows_stay BEFORE UPDATE OR DELETE ON demands_sealedidentity
    FOR EACH ROW EXECUTE FUNCTION demands_refuse_other_identity();
"""
BACK = """
DROP TRIGGER demands_sealedidentity_rows_stay ON demands_sealedidentity;
CREATE TRIGGER demands_sealedidentity_rows_stay BEFORE UPDATE OR DELETE ON demands_sealedidentity
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
DROP FUNCTION demands_refuse_other_identity;
"""


class Migration(migrations.Migration):
    """A new key seals identities anew; nothing else of them ever changes."""

    dependencies = [("demands", "0002_rows_are_seen_by_place_body_or_receipt")]

    operations = [RunSQL(FORWARD, BACK)]
