"""Reads the text of an expression or script: limits, what may not stand in it, its names. It never runs anything.

Expressions are a subset of Python. They run in the sandbox alone; what is refused here would fail there too, but
here it is found when the package is deployed, and named.
"""

from __future__ import annotations

import ast
import re
import symtable
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from engine.domain.said import said
from engine.spiff.expressions.dialects import refuse_other_languages, strip
from engine.spiff.expressions.failures import ExpressionFailed
from engine.spiff.expressions.offered import BUILTINS, MODULES

Kind = Literal["expression", "script"]

MAX_LENGTH = 10_000
MAX_BRACKETS = 40
MAX_DEPTH = 60
#: names that are Iter's own, and may not be assigned
RESERVED = frozenset({"ticket", "now", "working", "deadline", "warning"})
#: what SpiffArena has without an import, unless a variable has the name
OFFHAND = {
    "datetime": "from datetime import datetime\n",
    "json": "import json\n",
    "timedelta": "from datetime import timedelta\n",
}
#: parts of the module of that name: who mentions one means the module, not the class
_OF_MODULE = re.compile(r"\bdatetime\.(date|datetime|time|timedelta|timezone)\b")

_RECORD_METHODS = ("get", "items", "keys", "values")
_FORBIDDEN = frozenset(
    {"breakpoint", "compile", "eval", "exec", "exit", "globals", "help", "input", "locals", "open", "quit", "vars"}
)
_REFUSED_NODES: dict[type[ast.AST], str] = {
    ast.NamedExpr: said("':=' can't be used here."),
    ast.Await: said("'await' can't be used here."),
    ast.Yield: said("'yield' can't be used here."),
    ast.YieldFrom: said("'yield' can't be used here."),
    ast.AsyncFunctionDef: said("'async' can't be used here."),
    ast.AsyncFor: said("'async' can't be used here."),
    ast.AsyncWith: said("'async' can't be used here."),
    ast.ClassDef: said("Classes can't be used here."),
    ast.Delete: said("'del' can't be used here. Assign None instead."),
    ast.Global: said("'global' can't be used here."),
    ast.Nonlocal: said("'nonlocal' can't be used here."),
    ast.With: said("'with' can't be used here."),
}
#: what changes the value that it is asked of
_CHANGING = frozenset(
    {
        "add", "append", "clear", "difference_update", "discard", "extend", "insert", "intersection_update", "pop",
        "popitem", "remove", "reverse", "setdefault", "sort", "symmetric_difference_update", "update",
    }
)  # fmt: skip
#: types of which nothing can be asked that one asks of their values
_TYPES = frozenset({"bool", "float", "int", "list", "set", "str", "tuple"})


@dataclass(frozen=True, slots=True)
class Reading:
    """A text that was read: the code to run, and what it mentions."""

    kind: Kind
    code: str
    #: names that must come from outside
    names: frozenset[str]
    #: fields that it reads as `ticket.field` or `ticket["field"]`
    fields: frozenset[str]
    #: what it asks for behind a dot
    attributes: frozenset[str]
    #: what it asks of a type instead of a value: `str.lower`
    unbound: frozenset[str]
    #: names from outside that it does nothing with but call them
    called: frozenset[str]
    #: names that a script gives a value to
    assigned: frozenset[str]
    #: names that a script binds to modules and functions: they are no variables
    tools: frozenset[str]


def names_used(text: str) -> set[str]:
    """The names that an expression reads from outside (`ticket` for `ticket.x`); raises ExpressionFailed."""
    return set(read(text).names)


def may_change(text: str) -> bool:
    """Whether an expression could change what others read: `items.pop()`. Raises ExpressionFailed."""
    reading = read(text)
    return bool(reading.attributes & _CHANGING) or "getattr" in reading.code


def names_assigned(script: str) -> set[str]:
    """The variables that a script makes or changes; raises ExpressionFailed."""
    reading = read(script, "script")
    return {name for name in reading.assigned - reading.tools if not name.startswith("_")}


def read_first(reading: Reading) -> frozenset[str]:
    """The names that a script sets, and that it reads before that whichever way it takes; Python's own have a value."""
    found, bound = set[str](), set[str | None]()
    for statement in ast.parse(reading.code).body if reading.kind == "script" else ():
        found |= {name for name in _always_read(statement) if name not in bound}
        bound.update(_bound(statement))
    return frozenset(name for name in found & reading.assigned if not is_builtin(name))


def _bound(statement: ast.stmt) -> Iterator[str | None]:
    """The names that a statement may give a value to, in whatever part of it."""
    nodes = list(ast.walk(statement))
    yield from _tools(nodes)
    for node in nodes:
        match node:
            case ast.Name(name, ast.Store()) | ast.ExceptHandler(name=name):
                yield name
            case ast.MatchAs(name=name) | ast.MatchStar(name) | ast.MatchMapping(rest=name):
                yield name


def _always_read(node: ast.AST) -> Iterator[str]:
    """The names that are read whenever a part of a script runs: not those of branches, functions, and `try`."""
    parts: Iterable[ast.AST | None] = ()
    match node:
        case ast.Name(name):
            yield name
        case ast.If(first) | ast.IfExp(first) | ast.While(first) | ast.Assert(first) | ast.Match(first):
            parts = [first]
        case (
            ast.Assign(value=first) | ast.AnnAssign(value=first) | ast.For(iter=first) | ast.BoolOp(values=[first, *_])
        ):
            parts = [first]
        case ast.Compare(left, _, [right, *_]):
            parts = [left, right]
        case ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
            parts = [node.generators[0].iter]
        case ast.FunctionDef() | ast.Lambda() | ast.Try():
            pass
        case _:
            parts = ast.iter_child_nodes(node)
    for part in filter(None, parts):
        yield from _always_read(part)


@lru_cache(maxsize=4096)
def read(text: str, kind: Kind = "expression") -> Reading:
    """Read a text; raises ExpressionFailed, saying what to write instead."""
    _check_size(text)
    try:
        return _read(text, kind)
    except SyntaxError as error:
        raise _syntax(text, kind, error) from None
    except (RecursionError, MemoryError):
        raise ExpressionFailed(said("It is nested too deep. Divide it into several steps.")) from None
    except ValueError:
        raise ExpressionFailed(said("It holds characters that can't stand in a program.")) from None


def _read(text: str, kind: Kind) -> Reading:
    tree = _parse(text.strip() if kind == "expression" else text, kind)
    nodes = list(ast.walk(tree))
    for node in nodes:
        _check(node)
    _refuse_stray_return(tree)
    changed = ast.fix_missing_locations(_TicketFields().visit(tree))
    nodes = list(ast.walk(changed))
    fields = frozenset(field for node in nodes if (field := ticket_field(node)))
    attributes = frozenset(node.attr for node in nodes if isinstance(node, ast.Attribute))
    unbound = frozenset(found for node in nodes if (found := _asked_of_type(node)))
    code = ast.unparse(changed)
    tools = frozenset(_tools(nodes))
    names, assigned = _names(code, kind)
    only_called = _only_called(nodes)
    names -= (only_called & BUILTINS) | tools
    return Reading(kind, code, names, fields, attributes, unbound, (only_called & names) - assigned, assigned, tools)


def _parse(text: str, kind: Kind) -> ast.AST:
    tree: ast.AST = ast.parse(text, mode="eval" if kind == "expression" else "exec")
    level, depth = [tree], 0
    while level:
        depth += 1
        if depth > MAX_DEPTH:
            raise RecursionError
        level = [child for node in level for child in ast.iter_child_nodes(node)]
    return tree


def _check_size(text: str) -> None:
    if not text.strip():
        raise ExpressionFailed(said("It is empty."))
    if len(text) > MAX_LENGTH:
        raise ExpressionFailed(
            said(
                "It has {count:,} characters; at most {max_length:,} are read.", count=len(text), max_length=MAX_LENGTH
            )
        )
    depth = 0
    for sign in text:
        depth += (sign in "([{") - (sign in ")]}")
        if depth > MAX_BRACKETS:
            raise ExpressionFailed(
                said("It has more than {max_brackets} brackets inside one another.", max_brackets=MAX_BRACKETS)
            )


def _check(node: ast.AST) -> None:
    if type(node) in _REFUSED_NODES:
        raise ExpressionFailed(_REFUSED_NODES[type(node)])
    match node:
        case ast.Name(id=name):
            _check_name(name)
        case ast.Attribute(attr=name) if name.startswith("__"):
            raise ExpressionFailed(said("'.{name}' can't be used here.", name=name))
        case ast.Attribute() | ast.Subscript() if isinstance(node.ctx, ast.Store) and _is_ticket(node.value):
            raise ExpressionFailed(
                said("A script can't change the ticket. Use the property set.<field> of an element.")
            )
        case ast.Import(names=names):
            _check_modules(alias.name for alias in names)
        case ast.ImportFrom(module=module, names=names):
            _check_modules([module or "."])
            if names[0].name == "*":
                raise ExpressionFailed(said("'import *' can't be used here. Name what is imported."))
        case ast.Constant(value=str() as value):
            _check_text(value)


def _check_name(name: str) -> None:
    if name in _FORBIDDEN or name.startswith(("__", "_iter_")):
        raise ExpressionFailed(said("'{name}' can't be used here.", name=name))


def _check_bound(name: str) -> None:
    """A name that gets a value, at whatever place of a script."""
    _check_name(name)
    if name in RESERVED:
        raise ExpressionFailed(said("'{name}' is a name of Iter's own. Choose another for the variable.", name=name))


def _check_modules(names: Iterator[str] | list[str]) -> None:
    for name in names:
        if name not in MODULES:
            raise ExpressionFailed(
                said("The module '{name}' can't be used here; there are {names}.", name=name, names=sorted(MODULES))
            )


def _check_text(value: str) -> None:
    if "\0" in value or any("\ud800" <= sign <= "\udfff" for sign in value):
        raise ExpressionFailed(said("A text in it holds a character that can't be stored (\\u0000, or half a pair)."))


def _refuse_stray_return(tree: ast.AST) -> None:
    pending = [tree]
    while pending:
        node = pending.pop()
        if isinstance(node, ast.Return):
            raise ExpressionFailed(said("'return' stands outside a function. Assign the value to a variable instead."))
        if not isinstance(node, ast.FunctionDef):
            pending.extend(ast.iter_child_nodes(node))


def _is_ticket(node: ast.AST) -> bool:
    return isinstance(node, ast.Name) and node.id == "ticket"


def _is_ticket_field(node: ast.AST) -> bool:
    return isinstance(node, ast.Attribute) and _is_ticket(node.value) and node.attr not in _RECORD_METHODS


def ticket_field(node: ast.AST) -> str:
    """The field that a part of a text which was read (`Reading.code`) takes out of the ticket; empty for another."""
    match node:
        case ast.Subscript(ast.Name("ticket"), ast.Constant(str() as field), ast.Load()):
            return field
    return ""


def _asked_of_type(node: ast.AST) -> str:
    match node:
        case ast.Attribute(ast.Name(type_), name) if type_ in _TYPES:
            return f"{type_}.{name}"
    return ""


class _TicketFields(ast.NodeTransformer):
    """`ticket.x` becomes `ticket["x"]`: the ticket is a record."""

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        self.generic_visit(node)
        if not _is_ticket_field(node):
            return node
        return ast.Subscript(node.value, ast.Constant(node.attr), node.ctx)

    def visit_Call(self, node: ast.Call) -> ast.AST:
        """What the sandbox makes a list of, where Python has an iterator, is gone through by `next` all the same."""
        self.generic_visit(node)
        match node:
            case ast.Call(ast.Name("next"), [ast.GeneratorExp() | ast.Call(ast.Name()) as first, *_]) if not (
                isinstance(first, ast.Call) and ast.unparse(first.func) == "iter"
            ):
                node.args[0] = ast.Call(ast.Name("iter", ast.Load()), [first], [])
        return node


def _tools(nodes: list[ast.AST]) -> Iterator[str]:
    for node in nodes:
        match node:
            case ast.alias(name=name, asname=asname):
                yield asname or name
            case ast.FunctionDef(name=name):
                yield name


def _only_called(nodes: list[ast.AST]) -> frozenset[str]:
    """Names that are called and nothing else. For one of Python's own functions no variable of that name is meant."""
    called = [node.func for node in nodes if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)]
    others = {node.id for node in nodes if isinstance(node, ast.Name) and node not in called}
    return frozenset(name.id for name in called) - others


def _names(code: str, kind: Kind) -> tuple[frozenset[str], frozenset[str]]:
    """The names of the top level, wherever they are read; and those of them that get a value there."""
    table = symtable.symtable(code, "main", "eval" if kind == "expression" else "exec")
    found = {symbol.get_name() for symbol in table.get_symbols()}
    assigned = frozenset(symbol.get_name() for symbol in table.get_symbols() if symbol.is_assigned())
    pending = [table]
    while pending:
        scope = pending.pop()
        for symbol in scope.get_symbols():
            if symbol.is_assigned() or symbol.is_imported() or symbol.is_parameter():
                _check_bound(symbol.get_name())
            if symbol.is_global():
                found.add(symbol.get_name())
        pending.extend(scope.get_children())
    return frozenset(found), assigned


def _syntax(text: str, kind: Kind, error: SyntaxError) -> ExpressionFailed:
    if kind == "expression":
        strip(text)
        refuse_other_languages(text)
    where = said(" (line {lineno})", lineno=error.lineno) if kind == "script" and error.lineno else ""
    return ExpressionFailed(said("It isn't a valid {kind}{where}: {msg}.", kind=kind, where=where, msg=error.msg))


def imports(names: Iterable[str], code: str) -> str:
    """The lines that bring what a text has without an import; `datetime` is the class, or the module that it is in."""
    module = "import datetime\n" if _OF_MODULE.search(code) else OFFHAND["datetime"]
    return "".join({**OFFHAND, "datetime": module}[name] for name in sorted(names))


def is_builtin(name: str) -> bool:
    """Whether the name is one of Python's own that can be used in the sandbox."""
    return name in OFFHAND or name in BUILTINS
