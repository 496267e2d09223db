"""Settings, addresses, the embedded database and the processes of `redress serve`.

The one room that reads the environment.
"""
