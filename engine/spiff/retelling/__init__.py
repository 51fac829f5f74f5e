"""Makes a scenario out of what the journal keeps of a ticket: the same way, with invented names and texts. Pure.

`retell(…)`; what is read of the journal, the queries say.
"""

from engine.spiff.retelling.entries import Entry
from engine.spiff.retelling.retelling import Lived, Retold, retell

__all__ = ["Entry", "Lived", "Retold", "retell"]
