"""Expressions and scripts of diagrams: read, checked, and run in a sandbox of worker processes, nowhere else."""

from engine.spiff.expressions.checking import Snippet, Wrong
from engine.spiff.expressions.dialects import strip
from engine.spiff.expressions.evaluating import Sandbox
from engine.spiff.expressions.failures import ExpressionFailed
from engine.spiff.expressions.reading import Kind, is_builtin, may_change, names_assigned, names_used

__all__ = [
    "ExpressionFailed", "Kind", "Sandbox", "Snippet", "Wrong", "is_builtin", "may_change", "names_assigned",
    "names_used", "strip",
]  # fmt: skip
