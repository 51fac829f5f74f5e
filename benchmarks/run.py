"""`make bench`: `iter bench` on SQLite and on a PostgreSQL cluster of its own, which is gone afterwards.

Whatever it is given goes to `iter bench`: `make bench BENCH="--json --only step"`.
"""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def main() -> int:
    """The exit status of `iter bench`."""
    sys.path.insert(0, str(ROOT))
    from tests.support.postgresql import LASTING, running_cluster
    from web.cli import run

    with running_cluster(LASTING) as cluster:
        return run(["bench", "--postgresql", cluster.url("postgres"), *sys.argv[1:]])


if __name__ == "__main__":
    sys.exit(main())
