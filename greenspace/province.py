"""Province: many cities checked, here or on a cluster, and held together in one league.

Question   Which cities pass, whatever happens to a single one of them?
Enters     A list of cities, a folder, and perhaps a Client of Dask.
Leaves     A folder of results a city, and a League.
Elsewhere  One city: pipeline. Workers: province_cluster. What a row says: league_rows.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from greenspace.errors import GreenspaceError
from greenspace.league_rows import row_of
from greenspace.model.league import CityRow, League
from greenspace.model.province import LEAGUE, Job
from greenspace.model.source import Finding
from greenspace.model.words import Text
from greenspace.pipeline import asked_of
from greenspace.present.folder import alone_in, check_target, clear_leftovers
from greenspace.present.league_files import require_replaceable
from greenspace.present.league_words import IN_SHORT
from greenspace.present.record import software_version
from greenspace.province_client import opened, require_client, require_dask
from greenspace.province_cluster import memory_of, spread
from greenspace.province_tasks import WORKERS_SEE, check_city
from greenspace.read.definitions import split_standard
from greenspace.read.province import manifests_below, read_province
from greenspace.read.results import CHECK, is_plain

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from distributed import Client
    from rich.console import Group

    from greenspace.model.province import OnBadTile, Outcome
    from greenspace.model.words import Language

    Progress = Callable[[int, int, Text], None]

SHOWN = 5
BEGUN = Text(zh="核查各城市", en="checking cities")
TOGETHER = Text(zh="汇总", en="putting them together")


def check_all(
    province: Path | str | Sequence[Path | str],
    output: Path | str,
    *,
    client: Client | None = None,
    standard: str | None = None,
    on_bad_tile: OnBadTile | None = None,
    language: Language = "zh",
    force: bool = False,
    progress: Progress | None = None,
) -> League:
    """Check many cities, each into a folder of its own, and hold them together.

    A city's failure of any kind is its row, never the end of the run. Results that are there and
    current are kept: all inputs by checksum, the version of this library, the standard with its
    level, `on_bad_tile`, the language, and the files of the folder as they were written. Results
    that are not current are kept too, as ``stale``, with what has changed; they are shown and not
    counted. A city without results is checked on every run.

    Parameters
    ----------
    province
        A ``province.toml``; a folder, with every ``city.toml`` below it; or manifests.
    output
        Results of a city go to ``<output>/<id>/``, the league to ``<output>/league/``.
    client
        Of a Dask cluster of any kind, whose workers see the same files under the same paths and
        have the same versions; without, one city after the other is checked in this process.
    standard, on_bad_tile
        As in `check`, for every city.
    language
        Of reports and maps.
    force
        Check stale cities anew, and those whose results are damaged; current ones stay.
    progress
        Called with cities done, cities in all and what was done last.

    Returns
    -------
    League
        One row a city, in the order of the list.

    Raises
    ------
    ManifestError
        The list cannot be read, or two of its cities have one id.
    InputError
        Another run writes into the output; the league's folder holds files of others; no worker answers, or one has other versions.
    DefinitionError
        The standard is unknown.
    MissingExtraError
        There is a client, and Dask is not installed.

    Examples
    --------
    >>> check_all("no/such/province.toml", "out")
    Traceback (most recent call last):
    greenspace.errors.InputError: ...
    """
    say = progress or _quiet
    jobs = _jobs(
        province,
        Path(output).expanduser().resolve(),
        standard=standard,
        on_bad_tile=on_bad_tile,
        language=language,
        force=force,
    )
    together = jobs[0].folder.with_name(LEAGUE)
    check_target(together, force=True, protected=[job.entry.manifest for job in jobs])
    if not force:
        require_replaceable(together)
    with alone_in(jobs[0].folder.parent):
        sweep(jobs[0].folder.parent, [job.entry.id for job in jobs])
        before = {job.entry.id: _stamp(job.folder) for job in jobs}
        found = _outcomes(jobs, client, say)
        say(len(jobs), len(jobs), TOGETHER)
        rows = tuple(_row(job, found[job.entry.id], before[job.entry.id]) for job in jobs)
        league = League(rows=rows, findings=_passed_over(province))
        return league.write(together, language=language, force=force)


def _passed_over(province: Path | str | Sequence[Path | str]) -> tuple[Finding, ...]:
    """Return a note of manifests below a folder that are no cities of the list."""
    if not isinstance(province, str | Path) or not Path(province).is_dir():
        return ()
    folder = Path(province).absolute()
    names = [path.relative_to(folder).as_posix() for path in manifests_below(folder)[1]]
    if not names:
        return ()
    shown = ", ".join(names[:SHOWN]) + (" …" if len(names) > SHOWN else "")
    text = Text(
        zh=f"未计入 {len(names)} 处清单（隐藏文件夹、结果或修复副本、不是普通文件）：{shown}。",
        en=f"Manifests passed over, in hidden folders, results or repaired copies, or no plain "
        f"files: {len(names)} ({shown}).",
    )
    return (Finding(code="manifests_passed_over", text=text, count=len(names)),)


def _outcomes(jobs: Sequence[Job], client: Client | None, say: Progress) -> Mapping[str, Outcome]:
    """Return what became of each city, here or on a cluster."""
    counted = _Counted(len(jobs), say)
    if client is None:
        return {job.entry.id: counted.one(job) for job in jobs}
    require_dask()
    require_client(client)
    return dict(spread(client, jobs, counted.done))


def check_listed(
    province: Path,
    output: Path,
    *,
    cluster: Literal["local"] | None,
    scheduler: str | None,
    workers: int | None,
    tell: Callable[[Text], None],
    **how: Any,
) -> League:
    """Check the cities of a list on the cluster that is asked for, and clear up after it."""
    read_province(province)  # what is wrong with it is said before a cluster is begun
    try:
        with opened(cluster=cluster, scheduler=scheduler, workers=workers) as client:
            if client is not None:
                tell(memory_of(client))
            return check_all(province, output, client=client, **how)
    finally:
        folder = output.expanduser().resolve()
        with suppress(GreenspaceError), alone_in(folder):
            sweep(folder, [entry.id for entry in read_province(province)])


def view_league(league: League, language: Language, width: int, *, ascii_only: bool) -> Group:
    """Return what the console shows of many cities."""
    from greenspace.present.league_view import league_view

    return league_view(league, language, width, ascii_only=ascii_only)


def sweep(output: Path, ids: Sequence[str]) -> None:
    """Remove what killed processes left between the folders of results of some cities."""
    if output.is_dir():
        for name in (*ids, LEAGUE):
            clear_leftovers(output / name)


def _jobs(
    province: Path | str | Sequence[Path | str],
    output: Path,
    *,
    standard: str | None,
    on_bad_tile: OnBadTile | None,
    language: Language,
    force: bool,
) -> tuple[Job, ...]:
    entries = read_province(province)
    if standard is not None:  # a path is absolute from here on, for workers elsewhere
        standard = asked_of(*split_standard(standard), None)["standard"]
    return tuple(
        Job(
            entry=entry,
            folder=output / entry.id,
            standard=standard,
            on_bad_tile=on_bad_tile,
            language=language,
            force=force,
            version=software_version(),
        )
        for entry in entries
    )


class _Counted:
    """Cities done, told one by one."""

    def __init__(self, cities: int, say: Progress) -> None:
        self.cities, self.say, self.ready = cities, say, 0
        say(0, cities, BEGUN)

    def one(self, job: Job) -> Outcome:
        """Check a city in this process, saying its steps."""

        def step(_done: int, _steps: int, words: Text) -> None:
            name = job.entry.id
            self.say(
                self.ready,
                self.cities,
                Text(zh=f"{name}：{words.zh}", en=f"{name}: {words.en}"),
            )

        outcome = check_city(job, step)
        self.done(job, outcome)
        return outcome

    def done(self, job: Job, outcome: Outcome) -> None:
        """Say that a city is done."""
        self.ready += 1
        state = IN_SHORT[outcome.state or "failed"]
        name = job.entry.id
        self.say(self.ready, self.cities, Text(zh=f"{name}：{state.zh}", en=f"{name}: {state.en}"))


def _quiet(done: int, steps: int, step: Text) -> None:
    del done, steps, step


def _stamp(folder: Path) -> tuple[int, int] | None:
    """Return what tells whether a folder of results was written anew."""
    record = folder / CHECK
    if not is_plain(record):
        return None
    facts = record.stat()
    return facts.st_ino, facts.st_mtime_ns


def _row(job: Job, outcome: Outcome, before: tuple[int, int] | None) -> CityRow:
    """Return the row of a city; what a worker wrote and lost its answer about is found as kept."""
    state = outcome.state or "failed"
    now = _stamp(job.folder)
    if state == "kept" and now != before:
        state = "checked"
    if state == "failed":
        return _failed(job, outcome.why)
    if now is None:
        lost = Text(
            zh=f"结果不在 {job.folder}：是在别的计算机上写出的。{WORKERS_SEE.zh}",
            en=f"The results are not in {job.folder}: they were written on another machine. "
            f"{WORKERS_SEE.en}",
        )
        return _failed(job, (lost,))
    row: CityRow = row_of(
        job.folder, id=job.entry.id, manifest=job.entry.named, state=state, why=outcome.why
    )
    return row


def _failed(job: Job, why: tuple[Text, ...]) -> CityRow:
    return CityRow(id=job.entry.id, manifest=job.entry.named, state="failed", why=why)
