"""What lets some thousand tests run in minutes, and changes nothing of what they see."""

from __future__ import annotations

from argon2 import PasswordHasher
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket

#: argon2 with as little work as it allows; what the product asks of it, a test of its own looks at
QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


class CompiledTemplates(BytecodeCache):
    """Templates compiled once for all applications of a test run."""

    def __init__(self) -> None:
        self._code: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Takes it, if it is there."""
        if bucket.key in self._code:
            bucket.bytecode_from_string(self._code[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keeps it."""
        self._code[bucket.key] = bucket.bytecode_to_string()
