"""Where the outside comes in: workers, officers and bodies, commands, the clock."""
