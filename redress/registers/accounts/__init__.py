"""Who signs in, as what, and the one place that answers: may this person see or do this."""
