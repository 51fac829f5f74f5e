"""Files that people hand in: what they may be called, and whether they are what their names say. Pure."""

from engine.domain.files.contents import Inspection
from engine.domain.files.kinds import ENDINGS, FileKind, kind_of
from engine.domain.files.names import clean_name

__all__ = ["ENDINGS", "FileKind", "Inspection", "clean_name", "kind_of"]
