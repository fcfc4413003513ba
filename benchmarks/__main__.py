"""Run every benchmark of this folder, one after the other."""

from __future__ import annotations

import sys

from benchmarks import coverage, import_time, network, service

BENCHMARKS = {
    "import_time": import_time.run,
    "coverage": coverage.run,
    "service": service.run,
    "network": network.run,
}


def main() -> int:
    """Run the benchmarks named on the command line, or all; 1 where a goal is missed."""
    chosen = sys.argv[1:] or list(BENCHMARKS)
    reached = []
    for name in chosen:
        print(f"== {name}")
        reached.append(BENCHMARKS[name]())
    return 0 if all(reached) else 1


if __name__ == "__main__":
    sys.exit(main())
