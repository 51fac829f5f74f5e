"""How much a run proves: some hundred random examples in the suite, as many as `make nightly` says at night."""

from __future__ import annotations

import os

#: random examples; none of them: the suite, which takes the same ones each time
EXAMPLES = int(os.environ.get("ITER_EXAMPLES", "0"))
#: parts that run beside one another
SHARDS = 40 if EXAMPLES else 2


def share(quick: int) -> int:
    """How many examples one shard takes; `quick` in the suite."""
    return max(1, EXAMPLES // SHARDS) if EXAMPLES else quick
