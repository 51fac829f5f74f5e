"""What the sandbox says of texts before they run: types that don't fit, parts of Python that it lacks. In one batch.

Only what can't work whatever the values are is told: of a value that may be of several types, nothing is known.
"""

from __future__ import annotations

import ast
import json
import re
import textwrap
from collections.abc import Iterator, Mapping, Sequence, Set
from typing import Any

from pydantic_monty import MontyError, MontyTypingError

from engine.domain.said import Said, said
from engine.spiff.expressions.failures import failure_of, kind_of
from engine.spiff.expressions.offered import ATTRIBUTES
from engine.spiff.expressions.reading import Reading, ticket_field
from engine.spiff.expressions.workers import Workers

ANY = "Any"
#: what is there without being set
GIVEN = {"ticket": "dict[str, Any]", "now": "_iter_datetime.datetime"}
#: characters that are checked together, a second's work
MAX_BATCH = 200_000

_HEAD = """from typing import Any
import datetime as _iter_datetime
def _iter_any(value: Any) -> Any:
    return value
"""

#: a text, the types of the names that come from outside, those of the ticket's fields
Typed = tuple[Reading, Mapping[str, str], Mapping[str, str] | None]

_A, _B, _NAME, _PART = (rf"`(?P<{group}>[^`]+)`" for group in ("a", "b", "name", "part"))
#: the checker's messages that tell a mistake for certain, with how it is told here
_MISTAKES = [
    (re.compile(pattern), told)
    for pattern, told in (
        (
            rf"Operator {_NAME} is not supported between (?:two objects of type|objects of type {_B} and) {_A}",
            said("'{name}' doesn't go between {b} and {a}."),
        ),
        (rf"Unary operator {_NAME} is not supported for object of type {_A}", said("'{name}' doesn't go before {a}.")),
        (rf"Object of type {_A} is not callable", said("It calls {a} as if it were a function.")),
        (rf"Object of type {_A} has no attribute {_NAME}", said("There is no '.{name}' on {a}.")),
        (rf"Module {_PART} has no member {_NAME}", said("The module '{part}' has no '{name}'.")),
        (rf"Cannot subscript object of type {_A} with no .*", said("Nothing can be taken out of {a} with [ ].")),
        (
            rf"Method `__getitem__` .* cannot be called with key of type {_B} on object of type {_A}",
            said("Nothing can be taken out of {a} with {b} in [ ]."),
        ),
        (rf"Object of type {_A} is not iterable", said("It goes through {a} as if it were a list.")),
        (
            rf"Argument to (?:function|constructor|bound method(?= `str\\.)) {_NAME} is incorrect: .*, found {_A}",
            said("'{name}' doesn't take {a}."),
        ),
        (rf"Too many positional arguments to .* {_NAME}: .*", said("'{name}' is given too many values.")),
        (rf"No arguments? provided for required .* of .* {_NAME}", said("'{name}' is given too few values.")),
        (rf"Argument {_PART} does not match any known .* of .* {_NAME}", said("'{name}' takes no '{part}'.")),
    )
]


def check_types(typed: Sequence[Typed], workers: Workers) -> tuple[dict[int, list[str]], dict[int, str]]:
    """What can't work in the texts, by their places; and what the sandbox can't even read, although Python can."""
    mistakes: dict[int, list[str]] = {}
    unreadable: dict[int, str] = {}
    for batch in _batches([_function(index, *one) for index, one in enumerate(typed)]):
        try:
            workers.check(_HEAD + "".join(batch.values()), types=True)
        except MontyTypingError as error:
            mistakes |= _mistakes(error, batch, typed)
        except (MontyError, TimeoutError):
            pass  # which of them it can't read is looked for below
        else:
            continue
        unreadable |= _unreadable({index: text for index, text in batch.items() if index not in mistakes}, workers)
    return mistakes, unreadable


def _batches(functions: Sequence[str]) -> Iterator[dict[int, str]]:
    """What is checked together: all of it, but for packages that are larger than any known."""
    batch: dict[int, str] = {}
    size = 0
    for index, function in enumerate(functions):
        if batch and size + len(function) > MAX_BATCH:
            yield batch
            batch, size = {}, 0
        batch[index] = function
        size += len(function)
    yield batch


def _mistakes(error: MontyTypingError, batch: Mapping[int, str], typed: Sequence[Typed]) -> dict[int, list[str]]:
    owners = [-1] * _HEAD.count("\n")
    for index, function in batch.items():
        owners += [index] * function.count("\n")
    found: dict[int, list[str]] = {}
    for diagnostic in json.loads(error.display()):
        index = owners[diagnostic["location"]["row"] - 1]
        if index >= 0 and (told := _told(diagnostic["message"], typed[index][0])):
            found.setdefault(index, []).append(told)
    return {index: list(dict.fromkeys(problems)) for index, problems in found.items()}


def _told(message: str, reading: Reading) -> str:
    """The mistake in words; empty for what isn't one for certain."""
    for pattern, told in _MISTAKES:
        if match := pattern.fullmatch(message):
            parts = match.groupdict()
            if parts.get("name") in reading.attributes - ATTRIBUTES:  # told with what was probably meant
                return ""
            types: dict[str, Any] = {key: _in_words(parts[key] or parts["a"]) for key in ("a", "b") if key in parts}
            return Said(told.key, {**parts, **types}) if all(types.values()) else ""
    return ""


def _in_words(type_: str) -> str:
    """What the checker's type is called; empty for several types in one, and for those without a name."""
    if literal := re.fullmatch(r"Literal\[(.*)\]", type_):
        try:
            kinds = {type(value).__name__ for value in ast.literal_eval(f"({literal[1]},)")}
        except (SyntaxError, ValueError):
            return ""
        return kind_of(kinds.pop()) if len(kinds) == 1 else ""
    plain = type_.rstrip("*")
    while (shorter := re.sub(r"\[[^][]*\]", "", plain)) != plain:
        plain = shorter
    return kind_of("NoneType" if plain == "None" else plain)


def _unreadable(functions: Mapping[int, str], workers: Workers) -> dict[int, str]:
    """Looked for by halves: each reading of many takes no longer than one of a few."""
    if not functions or (problem := _failure(_HEAD + "".join(functions.values()), workers)) is None:
        return {}
    if len(functions) == 1:
        return dict.fromkeys(functions, problem)
    items = list(functions.items())
    half = len(items) // 2
    return _unreadable(dict(items[:half]), workers) | _unreadable(dict(items[half:]), workers)


def _failure(code: str, workers: Workers) -> str | None:
    try:
        workers.check(code, types=False)
    except (MontyError, TimeoutError) as error:
        return failure_of(error).problem
    return None


def _function(index: int, reading: Reading, given: Mapping[str, str], fields: Mapping[str, str] | None) -> str:
    """The text as a function of the names that it reads, so that all of them fit into one module.

    A script gives its names values of other types, so that the parameters are called otherwise.
    """
    script, tree = reading.kind == "script", ast.parse(reading.code)
    bound, read = _bound_and_read(tree)
    given = {name: type_ for name, type_ in given.items() if name in read}
    parameters = [f"{_inside(name) if script else name}: {type_}" for name, type_ in given.items()]
    parameters += [f"{_inside(name, 'ticket')}: {(fields or {}).get(name, ANY)}" for name in sorted(reading.fields)]
    code = ast.unparse(ast.fix_missing_locations(_Typed(script, bound).visit(tree)))
    taken = "".join(f"{name} = {_inside(name)}\n" for name in given) if script else "return "
    return f"def _iter_{index}({', '.join(parameters)}):\n{textwrap.indent((taken + code).strip() or 'pass', '    ')}\n"


def _bound_and_read(tree: ast.AST) -> tuple[set[str], set[str]]:
    """The names that get values in a text, and those that it asks for."""
    bound, read = set(), set()
    for node in ast.walk(tree):
        match node:
            case ast.AugAssign(ast.Name(name)) | ast.Name(name, ast.Load()):
                read.add(name)
            case ast.Name(name, ast.Store()):
                bound.add(name)
    return bound, read


def _inside(name: str, kind: str = "given") -> str:
    return f"_iter_{kind}_{name.encode().hex()}"


class _Typed(ast.NodeTransformer):
    """What the checker sees of a text, so that it tells nothing of what may work after all.

    Fields of the ticket are names, each with its type. Of a value of several types the checker tells if one of them
    can't be gone through, called or taken out of: so only names that get no other value keep their type there. In a
    script nothing is supposed of what stands in lists and records, since it may be replaced. Annotations say nothing
    when it runs, and are left out.
    """

    def __init__(self, script: bool, bound: Set[str]) -> None:
        self._script, self._bound = script, bound

    def visit(self, node: ast.AST) -> Any:
        """The part, changed with all of its parts."""
        if field := ticket_field(node):
            return ast.Name(_inside(field, "ticket"), ast.Load())
        changed = self.generic_visit(node)
        match changed:
            case ast.Subscript(ctx=ast.Load()):
                changed.value = self._plain(changed.value)
                return _any(changed) if self._script else changed
            case ast.For() | ast.comprehension():
                changed.iter = self._plain(changed.iter)
            case ast.Call() if not isinstance(changed.func, ast.Attribute):
                changed.func = self._plain(changed.func)
            case ast.List(ctx=ast.Load()) | ast.Dict() | ast.Set() | ast.ListComp() | ast.SetComp() | ast.DictComp():
                return _any(changed) if self._script else changed
            case ast.arg():
                changed.annotation = None
            case ast.FunctionDef():
                changed.returns = None
            case ast.AnnAssign(target, _, value):
                return ast.Pass() if value is None else ast.Assign([target], value)
        return changed

    def _plain(self, node: ast.expr) -> ast.expr:
        """The part as it is where it has one type; else one that nothing is known of."""
        known = isinstance(node, ast.Constant) or (isinstance(node, ast.Name) and node.id not in self._bound)
        return node if known else _any(node)


def _any(node: ast.expr) -> ast.Call:
    return ast.Call(ast.Name("_iter_any", ast.Load()), [node], [])
