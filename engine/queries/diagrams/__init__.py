"""An instance drawn: where it stands and the way it came, per diagram. For staff; customers are told in words."""

from engine.queries.diagrams.files import drawing
from engine.queries.diagrams.values import Passage, Passed, Sheet, Stand, Stuck, Way
from engine.queries.diagrams.ways import of_instance

__all__ = ["Passage", "Passed", "Sheet", "Stand", "Stuck", "Way", "drawing", "of_instance"]
