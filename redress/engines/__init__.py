"""Pure calculation: data in, data out; no Django, no database, no clock, no network."""
