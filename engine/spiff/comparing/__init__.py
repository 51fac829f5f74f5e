"""What isn't the same in two versions of a package: values for pages and terminals, in words and by element."""

from engine.spiff.comparing.files import compare
from engine.spiff.comparing.model import Change, Differences, FileDifference

__all__ = ["Change", "Differences", "FileDifference", "compare"]
