"""Time as a door: what the task worker does by the clock."""
