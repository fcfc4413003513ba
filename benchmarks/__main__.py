"""Run the benchmarks of this folder, one after the other: ``python -m benchmarks``."""

from __future__ import annotations

import argparse
import sys
from importlib import import_module

from benchmarks import record

BENCHMARKS = (
    "import_time",
    "coverage",
    "service",
    "network",
    "two_step",
    "whole_check",
    "scale_out",
)


def main() -> int:
    """Run the benchmarks named on the command line, or all; 1 where a goal is missed."""
    words = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    words.add_argument("names", nargs="*", choices=[*BENCHMARKS, []], help="default: all")
    words.add_argument("--quick", action="store_true", help="small data, held to no goal of size")
    words.add_argument("--write", action="store_true", help="keep the tables in results.json")
    asked = words.parse_args()
    missed = []
    for name in asked.names or BENCHMARKS:
        print(f"== {name}", flush=True)
        before = record.load()
        module = import_module(f"benchmarks.{name}")
        table = module.run(quick=asked.quick)
        missed += table.missed
        if asked.write:
            says = (module.__doc__ or "").partition("\n")[0]
            kept = record.recorded(table, says=says, quick=asked.quick, load_before=before)
            record.write(name, kept)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
