from django.db import migrations
from django.db.migrations import RunSQL

from redress.registers.offices.rowlevel import (
    IN_PLACE,
    append_only,
    policy,
    reading_policy,
)

BALANCE = """
CREATE FUNCTION ledger_keep_balance() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF (SELECT a.currency <> t.currency FROM ledger_account a, ledger_transaction t
        WHERE a.id = NEW.account_id AND t.id = NEW.transaction_id) THEN
        RAISE EXCEPTION 'a posting is in the currency of its booking and its account'
            USING ERRCODE = 'check_violation';
    END IF;
    UPDATE ledger_account SET balance_minor = balance_minor + NEW.minor WHERE id = NEW.account_id;
    RETURN NULL;
END $$;
CREATE TRIGGER ledger_posting_keeps_balance AFTER INSERT ON ledger_posting
    FOR EACH ROW EXECUTE FUNCTION ledger_keep_balance();

CREATE FUNCTION ledger_refuse_direct_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- Only the function above runs as the owner of the table.
    IF TG_OP = 'DELETE' OR current_user <> (
        SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = TG_RELID) THEN
        RAISE EXCEPTION 'an account changes by postings only' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER ledger_account_changes_by_postings BEFORE UPDATE OR DELETE ON ledger_account
    FOR EACH ROW EXECUTE FUNCTION ledger_refuse_direct_change();

CREATE FUNCTION ledger_refuse_born_rich() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.balance_minor <> 0 THEN
        RAISE EXCEPTION 'an account begins at zero' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER ledger_account_begins_at_zero BEFORE INSERT ON ledger_account
    FOR EACH ROW EXECUTE FUNCTION ledger_refuse_born_rich();

CREATE FUNCTION ledger_sums_to_zero() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    booked bigint := CASE TG_TABLE_NAME WHEN 'ledger_posting' THEN (to_jsonb(NEW)->>'transaction_id')::bigint
                                        ELSE (to_jsonb(NEW)->>'id')::bigint END;
    legs bigint; total numeric;
BEGIN
    SELECT count(*), coalesce(sum(minor), 0) INTO legs, total FROM ledger_posting
        WHERE transaction_id = booked;
    IF legs < 2 OR total <> 0 THEN
        RAISE EXCEPTION 'a booking sums to zero over two or more postings'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER ledger_posting_sums_to_zero AFTER INSERT ON ledger_posting
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ledger_sums_to_zero();
CREATE CONSTRAINT TRIGGER ledger_transaction_sums_to_zero AFTER INSERT ON ledger_transaction
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ledger_sums_to_zero();
"""

BACK = """
DROP TRIGGER ledger_transaction_sums_to_zero ON ledger_transaction;
DROP TRIGGER ledger_posting_sums_to_zero ON ledger_posting;
DROP TRIGGER ledger_account_begins_at_zero ON ledger_account;
DROP TRIGGER ledger_account_changes_by_postings ON ledger_account;
DROP TRIGGER ledger_posting_keeps_balance ON ledger_posting;
DROP FUNCTION ledger_sums_to_zero, ledger_refuse_born_rich, ledger_refuse_direct_change, ledger_keep_balance;
"""


class Migration(migrations.Migration):
    """Every booking sums to zero, balances follow postings, nothing is ever changed."""

    dependencies = [("ledger", "0001_initial")]

    operations = [
        RunSQL(BALANCE, BACK),
        append_only("ledger_transaction"),
        append_only("ledger_posting"),
        policy("ledger_account", "ledger_account_in_place", using=IN_PLACE),
        # A county pays out of its own funds and out of those of the province and the nation.
        reading_policy(
            "ledger_account",
            "ledger_fund_above",
            using=(
                "kind = 'fund' AND starts_with(coalesce(current_setting('app.lo', true), ''), path)"
            ),
        ),
        policy("ledger_transaction", "ledger_transaction_in_place", using=IN_PLACE),
        policy(
            "ledger_posting",
            "ledger_posting_follows_ledger_transaction",
            using="EXISTS (SELECT 1 FROM ledger_transaction t WHERE t.id = transaction_id)",
            check=(
                "EXISTS (SELECT 1 FROM ledger_transaction t WHERE t.id = transaction_id)"
                " AND EXISTS (SELECT 1 FROM ledger_account a WHERE a.id = account_id)"
            ),
        ),
    ]
