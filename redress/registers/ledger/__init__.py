"""Double-entry books of aid, in minor units; append-only; one writer: ``post``."""
