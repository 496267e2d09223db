"""Bytes from outside, turned into checked values; no rows, no network."""
