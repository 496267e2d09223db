"""Relief schemes as data: one pack text, one decision with its reasons, or a million decisions."""
