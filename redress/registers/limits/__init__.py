"""Time limits as data, with source and validity, and the last days they lead to."""
