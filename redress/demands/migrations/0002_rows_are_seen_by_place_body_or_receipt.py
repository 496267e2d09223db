from django.db import migrations
from django.db.migrations import RunSQL

from redress.registers.offices.rowlevel import (
    HELD_BY_BODY,
    IN_PLACE,
    OPENED_BY_RECEIPT,
    append_only,
    follows,
    policy,
)

WORDS_STAY = """
CREATE FUNCTION demands_refuse_other_words() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR NEW.text <> OLD.text OR NEW.text_sha256 <> OLD.text_sha256
        OR NEW.heard_at <> OLD.heard_at OR NEW.heard_on <> OLD.heard_on THEN
        RAISE EXCEPTION 'the words of a demand are never changed' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER demands_words_stay BEFORE UPDATE OR DELETE ON demands_demand
    FOR EACH ROW EXECUTE FUNCTION demands_refuse_other_words();
"""
BACK = (
    "DROP TRIGGER demands_words_stay ON demands_demand; DROP FUNCTION demands_refuse_other_words;"
)

NOT_A_BODY = f"({IN_PLACE.replace('path', 'p.path')}) OR p.{OPENED_BY_RECEIPT}"


class Migration(migrations.Migration):
    """A demand is seen in its place, by the body it was sent to, and with its receipt."""

    dependencies = [("demands", "0001_initial")]

    operations = [
        RunSQL(WORDS_STAY, BACK),
        append_only("demands_attachment"),
        append_only("demands_answer"),
        append_only("demands_workerword"),
        append_only("demands_sealedidentity"),
        policy("demands_demand", "demands_demand_in_place", using=IN_PLACE),
        policy("demands_demand", "demands_demand_at_body", using=HELD_BY_BODY),
        policy("demands_demand", "demands_demand_by_receipt", using=OPENED_BY_RECEIPT),
        follows("demands_sealedidentity", "demand_id", parent="demands_demand", where=NOT_A_BODY),
        follows("demands_attachment", "demand_id", parent="demands_demand"),
        follows("demands_referral", "demand_id", parent="demands_demand"),
        follows("demands_answer", "demand_id", parent="demands_demand"),
        follows("demands_workerword", "demand_id", parent="demands_demand"),
    ]
