"""The append-only record: who did or read what, on which row, when, why."""
