"""The desk: officers, bodies' liaisons, managers and auditors at work."""
