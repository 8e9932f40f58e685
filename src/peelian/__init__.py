"""Peelian: from published police records to a ward page that anyone can check.

The rooms are stacked in the order data moves through them (ARCHITECTURE.md); a room
imports only from rooms below it. Nothing heavy is imported until it is needed.
"""

__version__ = "0.1.0"
