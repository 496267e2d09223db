"""Figures about many cases: how long they take, how sure a share is, what comes, what to publish."""
