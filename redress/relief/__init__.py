"""Flow 2: a household is found, helped with what fits, paid once, and seen out; progress reads."""
