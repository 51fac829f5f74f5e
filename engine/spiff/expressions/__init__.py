"""Expressions and scripts of diagrams: read, checked, and run in a sandbox of worker processes, nowhere else."""

from engine.spiff.expressions.checking import Snippet
from engine.spiff.expressions.dialects import strip
from engine.spiff.expressions.evaluating import Sandbox
from engine.spiff.expressions.failures import ExpressionFailed
from engine.spiff.expressions.reading import is_builtin, names_used

__all__ = ["ExpressionFailed", "Sandbox", "Snippet", "is_builtin", "names_used", "strip"]
