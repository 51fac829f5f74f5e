"""What the sandbox offers of Python: functions, modules, and what values have after a dot. Tests hold it to this."""

from __future__ import annotations

FUNCTIONS = frozenset(
    {
        "abs", "all", "any", "bin", "bool", "bytes", "chr", "complex", "dict", "divmod", "enumerate", "filter",
        "float", "format", "frozenset", "getattr", "hasattr", "hash", "hex", "id", "int", "isinstance", "iter", "len",
        "list", "map", "max", "min", "next", "oct", "ord", "pow", "print", "range", "repr", "reversed", "round",
        "set", "setattr", "slice", "sorted", "str", "sum", "tuple", "type", "zip",
    }
)  # fmt: skip
#: failures that a script may raise and catch
FAILURES = frozenset(
    {
        "ArithmeticError", "AssertionError", "AttributeError", "BaseException", "Exception", "ImportError",
        "IndexError", "KeyError", "LookupError", "MemoryError", "ModuleNotFoundError", "NameError",
        "NotImplementedError", "OSError", "OverflowError", "PermissionError", "RecursionError", "RuntimeError",
        "StopIteration", "SyntaxError", "TimeoutError", "TypeError", "UnboundLocalError", "UnicodeDecodeError",
        "UnicodeEncodeError", "ValueError", "ZeroDivisionError",
    }
)  # fmt: skip
CONSTANTS = frozenset({"Ellipsis", "False", "None", "NotImplemented", "True"})

#: by the module that a script imports
MODULES: dict[str, frozenset[str]] = {
    "datetime": frozenset({"date", "datetime", "time", "timedelta", "timezone"}),
    "json": frozenset({"JSONDecodeError", "dumps", "loads"}),
    "math": frozenset(
        {
            "acos", "acosh", "asin", "asinh", "atan", "atan2", "atanh", "cbrt", "ceil", "comb", "copysign", "cos",
            "cosh", "degrees", "dist", "e", "erf", "erfc", "exp", "exp2", "expm1", "fabs", "factorial", "floor",
            "fmod", "frexp", "fsum", "gamma", "gcd", "hypot", "inf", "isclose", "isfinite", "isinf", "isnan", "isqrt",
            "lcm", "ldexp", "lgamma", "log", "log10", "log1p", "log2", "modf", "nan", "nextafter", "perm", "pi",
            "pow", "prod", "radians", "remainder", "sin", "sinh", "sqrt", "tan", "tanh", "tau", "trunc", "ulp",
        }
    ),
    "re": frozenset(
        {
            "A", "ASCII", "DOTALL", "I", "IGNORECASE", "M", "MULTILINE", "Match", "NOFLAG", "Pattern", "S", "compile",
            "error", "escape", "findall", "finditer", "fullmatch", "match", "search", "split", "sub",
        }
    ),
}  # fmt: skip

#: what a value has after a dot, by how it is made
MEMBERS: dict[str, frozenset[str]] = {
    "''": frozenset(
        {
            "capitalize", "casefold", "center", "count", "encode", "endswith", "expandtabs", "find", "format", "index",
            "isalnum", "isalpha", "isascii", "isdecimal", "isdigit", "isidentifier", "islower", "isnumeric",
            "isprintable", "isspace", "istitle", "isupper", "join", "ljust", "lower", "lstrip", "partition",
            "removeprefix", "removesuffix", "replace", "rfind", "rindex", "rjust", "rpartition", "rsplit", "rstrip",
            "split", "splitlines", "startswith", "strip", "swapcase", "title", "upper", "zfill",
        }
    ),
    "b''": frozenset({"decode", "hex"}),
    "[]": frozenset(
        {"append", "clear", "copy", "count", "extend", "index", "insert", "pop", "remove", "reverse", "sort"}
    ),
    "{}": frozenset(
        {"clear", "copy", "fromkeys", "get", "items", "keys", "pop", "popitem", "setdefault", "update", "values"}
    ),
    "{1}": frozenset(
        {
            "add", "clear", "copy", "difference", "discard", "intersection", "isdisjoint", "issubset", "issuperset",
            "pop", "remove", "symmetric_difference", "union", "update",
        }
    ),
    "datetime.date(2026, 1, 1)": frozenset(
        {"day", "isoformat", "isoweekday", "month", "replace", "strftime", "weekday", "year"}
    ),
    "datetime.datetime(2026, 1, 1, tzinfo=datetime.timezone.utc)": frozenset(
        {
            "astimezone", "date", "day", "dst", "hour", "isoformat", "isoweekday", "microsecond", "minute", "month",
            "replace", "second", "strftime", "time", "timestamp", "timetz", "tzinfo", "tzname", "utcoffset", "weekday",
            "year",
        }
    ),
    "datetime.time(1, 2)": frozenset(
        {
            "dst", "fold", "hour", "isoformat", "microsecond", "minute", "replace", "second", "strftime", "tzinfo",
            "tzname", "utcoffset",
        }
    ),
    "datetime.timedelta(1)": frozenset({"days", "microseconds", "seconds", "total_seconds"}),
    "datetime.date": frozenset({"fromisoformat", "max", "min", "resolution", "today"}),
    "datetime.datetime": frozenset({"combine", "fromisoformat", "max", "min", "now", "resolution", "strptime"}),
    "datetime.time": frozenset({"fromisoformat", "max", "min", "resolution"}),
    "datetime.timezone": frozenset({"utc"}),
    "re.match('a', 'a')": frozenset({"end", "group", "groupdict", "groups", "span", "start", "string"}),
    "re.compile('a')": frozenset(
        {"findall", "finditer", "flags", "fullmatch", "match", "pattern", "search", "split", "sub"}
    ),
    "ValueError('x')": frozenset({"args"}),
    "slice(1)": frozenset({"start", "step", "stop"}),
    "complex(1)": frozenset({"imag", "real"}),
}  # fmt: skip

#: names that are there without being set
BUILTINS = FUNCTIONS | FAILURES | CONSTANTS
#: whatever may stand behind a dot: values of another kind never come into the sandbox
ATTRIBUTES = frozenset[str]().union(*MEMBERS.values(), *MODULES.values())
