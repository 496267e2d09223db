"""The commands that work on files and registers."""
