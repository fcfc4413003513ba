"""Province tasks: what is done for one city, here or on any worker of a cluster.

Question   What becomes of this city?
Enters     A job, which travels from one process to another.
Leaves     Its folder of results, and an Outcome; a failure of any kind is one.
Elsewhere  Whether there is anything to do: province_state. Who does it: province_cluster.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

from greenspace.errors import GreenspaceError, InputError
from greenspace.image_strips import count_part, gather, measure_part, plan_strips, settle
from greenspace.model.province import Outcome
from greenspace.model.streaming import at_most
from greenspace.model.words import Text
from greenspace.pipeline import check_from
from greenspace.present.record import software_version
from greenspace.present.words import clean
from greenspace.province_state import failed, state_of
from greenspace.read.city import read_city

if TYPE_CHECKING:
    from collections.abc import Callable

    from greenspace.image_held import ImageStrips
    from greenspace.image_strips import Counted, Part, Settled, StripPlan
    from greenspace.model.city import City
    from greenspace.model.province import Job

    Progress = Callable[[int, int, Text], None]

ONE_CITY = Lock()  # GDAL and matplotlib keep state for the whole process
WORKERS_SEE = Text(
    zh="每台计算机须能以同一路径读写清单、数据和结果文件夹。",
    en="Every worker must see manifests, data and results under the same paths.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """A city that is done; or, where its image is large, how that is measured in parts."""

    outcome: Outcome | None = None
    plan: StripPlan | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Brief:
    """What whoever hands out tasks needs to know of a city begun; its plan stays on the worker."""

    outcome: Outcome | None
    parts: int = 0
    needs_threshold: bool = False


def check_city(job: Job, progress: Progress | None = None) -> Outcome:
    """Check one city into its folder, unless its results are there; never raise."""
    try:
        found = state_of(job)
        if found.state is not None:
            return found
        with ONE_CITY:
            _check(job, job.entry.manifest, progress=progress)
    except Exception as error:  # noqa: BLE001  - one city's failure is its row, whatever it is
        return _quicker(job) or failed(job, error)
    return Outcome(id=job.entry.id, state="checked")


def begin(job: Job) -> Begun:
    """Check one city, or plan its parts where its image is large; never raise.

    One thread each, which is what a scheduler counts with. Any task may run again after a
    worker's death: what was finished is found and left.
    """
    try:
        _require_version(job)
        found = state_of(job)
        if found.state is not None:
            return Begun(outcome=found)
        with at_most(1), ONE_CITY:
            city = read_city(job.entry.manifest)
            plan = plan_strips(city, standard=job.standard, on_bad_tile=job.on_bad_tile)
            if plan is not None:
                return Begun(plan=plan)
            _check(job, city)
    except Exception as error:  # noqa: BLE001  - as above
        return Begun(outcome=_failed_here(job, error))
    return Begun(outcome=Outcome(id=job.entry.id, state="checked"))


def brief_of(begun: Begun) -> Brief:
    """Return what is to be done after a city was begun."""
    if begun.plan is None:
        return Brief(outcome=begun.outcome)
    return Brief(outcome=None, parts=begun.plan.parts, needs_threshold=begun.plan.needs_threshold)


def count(begun: Begun, part: int) -> Counted:
    """Return the histogram of one part."""
    with at_most(1):
        return count_part(_plan(begun), part)


def settle_all(begun: Begun, counted: list[Counted]) -> Settled:
    """Return the threshold of the whole image."""
    return settle(_plan(begun), counted)


def measure(begun: Begun, settled: Settled, part: int) -> Part:
    """Return the sums of one part."""
    with at_most(1):
        return measure_part(_plan(begun), settled, part, threads=1)


def finish(job: Job, begun: Begun, settled: Settled, parts: list[Part]) -> Outcome:
    """Check one city with the parts of its image; never raise."""
    try:
        found = state_of(job)
        if found.state is not None:
            return found
        strips = gather(_plan(begun), settled, parts)
        with at_most(1), ONE_CITY:
            _check(job, job.entry.manifest, strips=strips)
    except Exception as error:  # noqa: BLE001  - as above
        return _failed_here(job, error)
    return Outcome(id=job.entry.id, state="checked")


def _plan(begun: Begun) -> StripPlan:
    assert begun.plan is not None  # noqa: S101  - asked for only where there are parts
    return begun.plan


def _check(
    job: Job,
    city: City | Path,
    *,
    strips: ImageStrips | None = None,
    progress: Progress | None = None,
) -> None:
    result = check_from(
        city,
        standard=job.standard,
        on_bad_tile=job.on_bad_tile,
        strips=strips,
        progress=progress,
    )
    result.write(job.folder, force=job.force, language=job.language)


def memory_limit(dask_worker: Any) -> int | None:
    """Return how many bytes a worker may use; ``None`` without a limit."""
    limit = dask_worker.memory_manager.memory_limit
    return None if limit is None else int(limit)


def _require_version(job: Job) -> None:
    own = software_version()
    if own != job.version:
        raise other_version(worker() or "?", {"greenspace": (own, job.version)})


def other_version(address: str, unlike: dict[str, tuple[str, str]]) -> InputError:
    """Return the refusal of a worker with other versions: of each name, there and here."""
    zh = "、".join(f"{name} {there}（此处 {here}）" for name, (there, here) in unlike.items())
    en = ", ".join(f"{name} {there} (here {here})" for name, (there, here) in unlike.items())
    return InputError(
        f"计算节点 {address} 的版本不同：{zh}。",
        f"The worker {address} has other versions: {en}.",
        remedy=Text(
            zh="请在所有节点安装相同的版本，重启后再运行。",
            en="Install the same versions on every worker, start them anew and run again.",
        ),
        rows=(address,),
        expected={name: here for name, (_, here) in unlike.items()},
        found={name: there for name, (there, _) in unlike.items()},
    )


def worker() -> str | None:
    """Return the address of the worker that this runs on; ``None`` where it is none."""
    if "distributed" not in sys.modules:
        return None
    from distributed import get_worker

    try:
        return str(get_worker().address)
    except ValueError:
        return None


def seen_here(outcome: Outcome) -> Outcome:
    """Return an outcome with the reason why a worker did not find a file that is there from here."""
    if outcome.absent is None or not Path(outcome.absent[0]).exists():
        return outcome
    address = clean(outcome.absent[1])
    where = Text(
        zh=f"计算节点 {address} 上没有这个文件。{WORKERS_SEE.zh}",
        en=f"It is not there on worker {address}. {WORKERS_SEE.en}",
    )
    return replace(outcome, why=(*outcome.why, where))


def _quicker(job: Job) -> Outcome | None:
    """Return that a city is done, where another process wrote its results meanwhile."""
    found = state_of(job)
    return found if found.state == "kept" else None


def _failed_here(job: Job, error: Exception) -> Outcome:
    done = _quicker(job)
    if done is not None:
        return done
    address = worker()
    file = error.file if isinstance(error, GreenspaceError) else None
    gone = address is not None and file is not None and not Path(file).exists()
    found = failed(job, error)
    return replace(found, absent=(str(file), str(address))) if gone else found
