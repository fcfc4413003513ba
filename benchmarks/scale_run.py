"""One run of ``check_all`` in a fresh process, on no worker or on some; prints JSON of it."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

import greenspace as gs
from benchmarks.processes import bytes_read, peak_mb


def seen() -> dict[str, Any]:
    """Return what this process has taken until now; called on workers too."""
    return {"peak_mb": peak_mb(), "bytes_read": bytes_read(), "cpu_s": time.process_time()}


def check(province: Path, output: Path, client: Any = None) -> tuple[float, float]:
    """Check all cities; return when it began and how long it took."""
    began, clock = time.time(), time.perf_counter()
    league = gs.check_all(province, output, client=client)
    spent = time.perf_counter() - clock
    failed = [row for row in league.rows if row.state != "checked"]
    if failed:
        sys.exit("; ".join(why.en for row in failed for why in row.why))
    return began, spent


def on_workers(province: Path, output: Path, workers: int) -> dict[str, Any]:
    """Check on a local cluster of processes with one thread each."""
    from distributed import Client, LocalCluster

    clock = time.perf_counter()
    how: dict[str, Any] = {"processes": True, "threads_per_worker": 1, "dashboard_address": None}
    with LocalCluster(n_workers=workers, **how) as cluster, Client(cluster) as client:
        start = time.perf_counter() - clock
        before = client.run(seen)
        began, spent = check(province, output, client)
        after = client.run(seen)
    taken = [_since(before[name], now) for name, now in after.items()]
    return {"began": began, "seconds": spent, "start_s": start, "processes": taken}


def in_this_process(province: Path, output: Path) -> dict[str, Any]:
    """Check one city after the other, here."""
    before = seen()
    began, spent = check(province, output)
    return {"began": began, "seconds": spent, "processes": [_since(before, seen())]}


def _since(before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    read = after["bytes_read"]
    return {
        "peak_mb": after["peak_mb"],
        "bytes_read": None if read is None else read - before["bytes_read"],
        "cpu_s": after["cpu_s"] - before["cpu_s"],
    }


def main() -> None:
    """Run as asked for: the province, the folder for results, and how many workers."""
    province, output, workers = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
    done = on_workers(province, output, workers) if workers else in_this_process(province, output)
    print(json.dumps(done))


if __name__ == "__main__":
    main()
