"""Province cluster: cities spread over the workers of Dask, by a Client and nothing else.

Question   Which worker checks which city, and what if it dies, differs or is not there?
Enters     Jobs, and a Client of any cluster; or the words that ask for one.
Leaves     An Outcome a city.
Elsewhere  What a worker does: province_tasks. Without a cluster: province.
"""

from __future__ import annotations

import platform
from dataclasses import replace
from importlib import metadata
from typing import TYPE_CHECKING, Any

from greenspace.errors import InputError
from greenspace.model.words import Text
from greenspace.present.record import software_version
from greenspace.present.words import clean
from greenspace.present.write import LIBRARIES, versions
from greenspace.province_client import require_workers
from greenspace.province_state import failed
from greenspace.province_tasks import (
    Brief,
    begin,
    brief_of,
    count,
    finish,
    measure,
    memory_limit,
    other_version,
    seen_here,
    settle_all,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from distributed import Client

    from greenspace.model.province import Job, Outcome

MOST_CITIES = 1_000_000
AHEAD = 2  # cities begun for each worker, so that a graph of 700 stays small
PYTHON = "Python"


def require_alike(client: Client) -> None:
    """Refuse workers that would not give the digits of this process.

    Raises
    ------
    InputError
        A worker, by its address, has another Python, this library or one that it measures with
        in another version, or none.
    """
    here = {"greenspace": software_version(), **dict(versions())}
    there: dict[str, dict[str, str]] = {
        name: client.run(metadata.version, name, on_error="return")
        for name in ("greenspace", *LIBRARIES)
    }
    here[PYTHON] = _minor(platform.python_version())
    pythons = client.run(platform.python_version, on_error="return")
    there[PYTHON] = {address: _minor(str(version)) for address, version in pythons.items()}
    for address in pythons:
        unlike = {
            name: (_said(answers.get(address)), here[name])
            for name, answers in there.items()
            if _said(answers.get(address)) != here[name]
        }
        if unlike:
            raise other_version(clean(address), unlike)


def _said(answer: object) -> str:
    if isinstance(answer, metadata.PackageNotFoundError):
        return "unknown"  # as `software_version` says it
    return "—" if isinstance(answer, BaseException) or answer is None else clean(answer)


def _minor(version: str) -> str:
    return ".".join(version.split(".")[:2])


def memory_of(client: Client) -> Text:
    """Return how many workers there are, and how much memory each may use."""
    limits = client.run(memory_limit)
    least = min((limit or 0 for limit in limits.values()), default=0)
    size = f"{least / 1e9:.1f} GB" if least else "—"
    return Text(
        zh=f"计算进程 {len(limits)} 个，每个内存上限 {size}",
        en=f"workers: {len(limits)}; memory of each at most {size}",
    )


def spread(
    client: Client, jobs: Sequence[Job], done: Callable[[Job, Outcome], None]
) -> Mapping[str, Outcome]:
    """Check cities on the workers of a cluster, and tell of each when it is done.

    A worker that dies is held against every city that it had, so that those that workers died of
    are checked once more, each with the cluster to itself, before one of them is called failed.

    Raises
    ------
    InputError
        There is no worker, or one with other versions; or the scheduler went away.
    """
    require_workers(client, 1)
    require_alike(client)
    flight = _Flight(client)
    found: dict[str, Outcome] = {}
    waiting = iter(enumerate(jobs))
    suspects: list[Job] = []

    def begin_some(most: int) -> None:
        for _, (rank, job) in zip(range(most), waiting, strict=False):
            flight.begin(job, rank)

    try:
        begin_some(AHEAD * len(client.nthreads()))
        for job, outcome in flight.landed():
            if outcome.state is None:
                suspects.append(job)
            else:
                found[job.entry.id] = outcome
                done(job, outcome)
            begin_some(1)
        for suspect in suspects:
            flight.begin(suspect, 0)
            for job, outcome in flight.landed():
                told = replace(outcome, state=outcome.state or "failed")
                found[job.entry.id] = told
                done(job, told)
    finally:
        flight.cancel()
    return found


class _Flight:
    """Cities that are being checked by workers, each by one task or, cut in parts, by many."""

    def __init__(self, client: Client) -> None:
        from distributed import as_completed

        self.client = client
        self.ready = as_completed()
        self.of: dict[Any, tuple[Job, int, tuple[Any, ...]]] = {}  # future: with those it needs

    def begin(self, job: Job, rank: int) -> None:
        """Begin a city; one of a low rank before others."""
        begun = self._submit(begin, job, rank=rank)
        self._await(self._submit(brief_of, begun, rank=rank), job, rank, begun)

    def landed(self) -> Iterator[tuple[Job, Outcome]]:
        """Give each city when it is done, as long as any is in flight.

        Where workers died that had it, there is no state yet, but the reason to give.
        """
        for future in self.ready:
            job, rank, needs = self.of.pop(future)
            outcome = self._answer(job, future)
            if isinstance(outcome, Brief):
                if outcome.outcome is None:
                    self._go_on(job, rank, needs[0], outcome)
                    continue
                outcome = outcome.outcome
            yield job, seen_here(outcome)

    def cancel(self) -> None:
        """Give up what is still in flight."""
        if self.of and self.client.status == "running":
            every = [future for _, _, needs in self.of.values() for future in needs]
            self.client.cancel([*self.of, *every])
        self.of.clear()

    def _go_on(self, job: Job, rank: int, begun: Any, brief: Brief) -> None:
        """Hand out the parts of a city's image; a city begun goes before one that is not."""
        numbers = range(brief.parts if brief.needs_threshold else 0)
        before = rank - MOST_CITIES
        counted = [self._submit(count, begun, part, rank=before) for part in numbers]
        settled = self._submit(settle_all, begun, counted, rank=before)
        parts = [
            self._submit(measure, begun, settled, part, rank=before) for part in range(brief.parts)
        ]
        last = self._submit(finish, job, begun, settled, parts, rank=before)
        self._await(last, job, rank, begun, settled, *counted, *parts)

    def _submit(self, task: Callable[..., Any], *args: Any, rank: int) -> Any:
        return self.client.submit(task, *args, pure=False, priority=-rank)

    def _await(self, future: Any, job: Job, rank: int, *needs: Any) -> None:
        self.of[future] = (job, rank, needs)
        self.ready.add(future)

    def _answer(self, job: Job, future: Any) -> Outcome | Brief:
        from distributed import KilledWorker

        if future.cancelled() or self.client.status != "running":
            raise _lost()
        error = future.exception()
        if isinstance(error, KilledWorker):
            return replace(failed(job, _killed(error)), state=None)
        if error is not None:
            return failed(job, error)
        answer: Outcome | Brief = future.result()
        return answer


def _lost() -> InputError:
    return InputError(
        "与调度器的连接中断了；已完成的城市保留。",
        "The scheduler went away; finished cities are kept.",
        remedy=Text(zh="请查看调度器的日志，再运行一次。", en="Look at its log, and run again."),
    )


def _killed(error: Any) -> InputError:
    times = error.allowed_failures + 1
    address = clean(getattr(error.last_worker, "address", error.last_worker))
    return InputError(
        f"核查这座城市的进程停止了 {times} 次（最后一次在 {address}），多半是内存不足。",
        f"The worker that checked this city died {times} times, last {address}; most likely for "
        "want of memory.",
        remedy=Text(
            zh="请减少同一台机器上的进程（--workers），或给每个进程更多内存，再运行一次。",
            en="Run fewer workers on a machine (--workers), or give each more memory, and run "
            "again.",
        ),
        found=times,
    )
