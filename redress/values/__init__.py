"""Values without rows: money, days and calendars, codes, jurisdiction paths, the normal form of text."""
