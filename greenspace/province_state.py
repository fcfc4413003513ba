"""Province state: whether results that lie there still answer what is asked today.

Question   Must this city be checked, or is its folder of results current, and if not, why?
Enters     A job.
Leaves     An Outcome: kept; stale, with what changed; failed; or still to be checked.
Elsewhere  Checking: province_tasks. Measuring again and comparing every number: verification.
"""

from __future__ import annotations

from pathlib import PurePosixPath, PureWindowsPath
from typing import TYPE_CHECKING, Any

from greenspace.errors import GreenspaceError, InputError
from greenspace.model.province import Outcome
from greenspace.model.words import Text
from greenspace.pipeline import DEFAULT_STANDARD, asked_of
from greenspace.present.folder import check_target, foreign_files
from greenspace.present.record import folders_of, inputs_record, without_folder
from greenspace.present.words import clean
from greenspace.read.city import read_city
from greenspace.read.definitions import own_source, read_indicators, split_standard
from greenspace.read.files import require_file, sha256_of
from greenspace.read.manifest import read_manifest
from greenspace.read.results import CHECK, is_folder, is_plain, read_results

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from greenspace.model.province import Job
    from greenspace.read.results import Results

SHOWN = 5
ANEW = Text(
    zh="要重新核查，请加 --force（force=True）。",
    en="To check it anew, pass --force (force=True).",
)
NOT_OURS = Text(
    zh="请移走该文件夹，或给这座城市另写一个 id。",
    en="Move that folder away, or give the city another id.",
)
WHAT_HAPPENED = (
    Text(zh="输入已改变", en="Inputs changed"),
    Text(zh="输入已不在", en="Inputs missing"),
    Text(zh="新的输入", en="Inputs new"),
)
MANIFEST, STANDARD = "manifest", "standard: "  # inputs that go by their role


def state_of(job: Job) -> Outcome:
    """Return what stands in a city's folder of results, measured against what is asked today.

    Nothing is measured. With ``force``, what is not current is still to be checked; what is
    current is kept all the same. Files are looked at by their checksums; where inputs lie
    outside the folder of the manifest or in a database, the city is read.
    """
    try:
        check_target(job.folder, force=True, protected=[job.entry.manifest])
        if not job.folder.exists() or not any(job.folder.iterdir()):
            return Outcome(id=job.entry.id, state=None)
        found = _found(job)
    except GreenspaceError as error:
        if error.file == str(job.folder) and not _holds_manifest(job):
            error.remedy = NOT_OURS
        return failed(job, error)
    if job.force and found.state in {"stale", "failed"}:
        return Outcome(id=job.entry.id, state=None)
    return found


def _holds_manifest(job: Job) -> bool:
    return job.entry.manifest.resolve().is_relative_to(job.folder.resolve())


def failed(job: Job, error: BaseException) -> Outcome:
    """Return the row of a city that could not be checked."""
    return Outcome(id=job.entry.id, state="failed", why=(told(error, job.entry.manifest),))


def told(error: BaseException, manifest: Path) -> Text:
    """Return what went wrong on one line: a refusal in its own words, else class and message.

    Files beside the manifest are named from its folder.
    """
    if isinstance(error, GreenspaceError):
        zh, en = error.sentence("zh"), error.sentence("en")
    else:
        words = f"{type(error).__name__}: {error}".rstrip(": ")
        zh, en = f"意外错误：{words}", f"Unforeseen: {words}"
    folders = folders_of(manifest)
    return Text(zh=clean(without_folder(zh, folders)), en=clean(without_folder(en, folders)))


def _found(job: Job) -> Outcome:
    """Return kept, stale or failed for a folder that holds something."""
    manifest = require_file(job.entry.manifest)
    standard = job.standard or read_manifest(manifest, read_indicators()).city.standard
    name, level = split_standard(standard or DEFAULT_STANDARD)
    try:
        results = read_results(job.folder)
    except InputError as error:
        return failed(job, _unread(job, error))
    if CHECK in (*results.edited, *results.lost):
        return failed(job, _edited(job))
    why = (
        *_whole(results),
        *_version(results, job),
        *_asked(results, asked_of(name, level, job.on_bad_tile), job),
        *_inputs(results, manifest, name),
    )
    if not why:
        return Outcome(id=job.entry.id, state="kept")
    return Outcome(id=job.entry.id, state="stale", why=(*why, ANEW))


def _unread(job: Job, error: InputError) -> InputError:
    strangers = foreign_files(job.folder)
    return InputError(
        f"结果文件夹不能用：{error.problem.zh}",
        f"The folder of results cannot be used: {error.problem.en}",
        remedy=NOT_OURS if strangers else ANEW,
        file=job.folder,
        rows=strangers,
        expected=error.expected,
    )


def _edited(job: Job) -> InputError:
    return InputError(
        f"{CHECK} 写出后被改动过，其中的数不予采用。",
        f"{CHECK} was edited since it was written; its numbers are not used.",
        remedy=ANEW,
        file=job.folder / CHECK,
    )


def _whole(results: Results) -> Iterator[Text]:
    if results.edited:
        names = _names(results.edited)
        yield Text(zh=f"结果被改动：{names}。", en=f"Results edited: {names}.")
    if results.lost:
        names = _names(results.lost)
        yield Text(zh=f"结果缺失：{names}。", en=f"Results lost: {names}.")


def _version(results: Results, job: Job) -> Iterator[Text]:
    told_by = (results.run["software"], results.record.get("software"))
    then = [part.get("version") if isinstance(part, dict) else None for part in told_by]
    other = next((version for version in then if version != job.version), job.version)
    if other != job.version:
        old = "?" if other is None else clean(other)
        yield Text(
            zh=f"写出时的版本为 {old}，现为 {job.version}。",
            en=f"Written by version {old}, now {job.version}.",
        )


def _asked(results: Results, asked: Mapping[str, str], job: Job) -> Iterator[Text]:
    now = {"standard": None, "on_bad_tile": None, **asked, "lang": job.language}
    names = {
        "standard": Text(zh="标准", en="Standard"),
        "on_bad_tile": Text(zh="坏图块的处理", en="Bad tiles"),
        "lang": Text(zh="语言", en="Language"),
    }
    for key, name in names.items():
        then, today = results.run.get(key), now[key]
        if then != today:
            old, new = (clean("—" if word is None else word) for word in (then, today))
            yield Text(
                zh=f"{name.zh}：当时为 {old}，现要求 {new}。",
                en=f"{name.en}: {old} then, {new} asked now.",
            )


def _inputs(results: Results, manifest: Path, standard: str) -> Iterator[Text]:
    own = _sums(inputs_record(own_source(standard, manifest.parent)))
    before = _sums(results.record["inputs"])
    now, refused = _today(before, manifest)
    now |= own
    found = (
        tuple(name for name in before if name in now and now[name] != before[name]),
        tuple(name for name in before if name not in now),
        tuple(name for name in now if name not in before),
    )
    for words, some in zip(WHAT_HAPPENED, found, strict=True):
        if some:
            names = _names(some)
            yield Text(zh=f"{words.zh}：{names}。", en=f"{words.en}: {names}.")
    if refused is not None:
        yield told(refused, manifest)


def _names(some: tuple[str, ...]) -> str:
    more = "" if len(some) <= SHOWN else f" … ({len(some)})"
    return clean(", ".join(some[:SHOWN]) + more)


def _today(
    before: Mapping[str, str | None], manifest: Path
) -> tuple[dict[str, str | None], GreenspaceError | None]:
    """Return the checksum of each input today; with the refusal, where the city cannot be read."""
    now: dict[str, str | None] = {MANIFEST: sha256_of(manifest)}
    files = [name for name in before if name != MANIFEST and not name.startswith(STANDARD)]
    known = [name for name in files if before[name] is not None and _inside(name)]
    for name in known:
        place = manifest.parent / name
        if is_plain(place) or is_folder(place):
            now[name] = sha256_of(place)
    if now[MANIFEST] == before.get(MANIFEST) and all(name in now for name in files):
        return now, None
    try:
        return _sums(inputs_record(read_city(manifest).inputs)), None
    except GreenspaceError as error:
        return {name: before[name] for name in files if name not in known} | now, error


def _sums(record: list[dict[str, Any]]) -> dict[str, str | None]:
    return {_called(item): item.get("sha256") for item in record}


def _called(item: Mapping[str, Any]) -> str:
    roles = item.get("roles", ())
    if MANIFEST in roles:
        return MANIFEST
    name = str(item["path"])
    return f"{STANDARD}{PurePosixPath(name).name}" if "standard" in roles else name


def _inside(name: str) -> bool:
    """Return whether a name stays in the folder that it is named from, and means a file."""
    ways = (PurePosixPath(name), PureWindowsPath(name))
    leaves = any(way.is_absolute() or way.drive or ".." in way.parts for way in ways)
    return not leaves and "://" not in name and name not in {"", "."}
