"""Province tasks: what is done for one city, here or on any worker of a cluster.

Question   What becomes of this city?
Enters     A job, which travels from one process to another.
Leaves     Its folder of results, and an Outcome; a failure of any kind is one.
Elsewhere  Whether there is anything to do: province_state. Who does it: province_cluster.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

from greenspace.errors import GreenspaceError, InputError
from greenspace.model.province import Outcome
from greenspace.model.streaming import at_most
from greenspace.model.words import Text
from greenspace.pipeline import check
from greenspace.present.record import software_version
from greenspace.present.words import clean
from greenspace.province_state import failed, state_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from greenspace.model.province import Job

    Progress = Callable[[int, int, Text], None]

ONE_CITY = Lock()  # GDAL and matplotlib keep state for the whole process
WORKERS_SEE = Text(
    zh="每台计算机须能以同一路径读写清单、数据和结果文件夹。",
    en="Every worker must see manifests, data and results under the same paths.",
)


def check_city(job: Job, progress: Progress | None = None) -> Outcome:
    """Check one city into its folder, unless its results are there; never raise.

    It may be called again after a worker's death: what was finished is found and left.
    """
    try:
        _require_version(job)
        found = state_of(job)
        if found.state is not None:
            return found
        with ONE_CITY:
            result = check(
                job.entry.manifest,
                standard=job.standard,
                on_bad_tile=job.on_bad_tile,
                progress=progress,
            )
            result.write(job.folder, force=job.force, language=job.language)
    except Exception as error:  # noqa: BLE001  - one city's failure is its row, whatever it is
        return _failed_here(job, error)
    return Outcome(id=job.entry.id, state="checked")


def check_city_on_worker(job: Job) -> Outcome:
    """Check one city with one thread, which is what a scheduler counts with."""
    with at_most(1):
        return check_city(job)


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


def _failed_here(job: Job, error: Exception) -> Outcome:
    address = worker()
    file = error.file if isinstance(error, GreenspaceError) else None
    gone = address is not None and file is not None and not Path(file).exists()
    found = failed(job, error)
    return replace(found, absent=(str(file), str(address))) if gone else found
