"""Verification: measure again what a folder of results was written from.

Question   Do these inputs still give these numbers, and if not, which of them changed?
Enters     A folder that a check wrote; another manifest, where the city has moved.
Leaves     A Verification.
Elsewhere  Measuring: pipeline. Reading the folder: read/results. Holding: evaluate/records.
"""

from __future__ import annotations

import json
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import TYPE_CHECKING, Any

from greenspace.errors import GreenspaceError, InputError
from greenspace.evaluate.records import unlike_values
from greenspace.model.verification import Replaced, Verification
from greenspace.model.words import Text
from greenspace.pipeline import check
from greenspace.present.record import check_json, software_version
from greenspace.present.write import versions
from greenspace.read.definitions import own_file
from greenspace.read.files import sha256_of
from greenspace.read.results import (
    CHECK,
    is_folder,
    is_plain,
    named_path,
    not_results,
    read_results,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from greenspace.model.check import Check
    from greenspace.read.results import Results

    Progress = Callable[[int, int, Text], None]

MANIFEST, STANDARD = "manifest", "standard"


def verify(
    folder: Path | str,
    *,
    manifest: Path | str | None = None,
    standard: str | None = None,
    progress: Progress | None = None,
) -> Verification:
    """Measure a city again and hold every number of ``check.json`` against the new one.

    Numbers are compared to the last digit, and sentences word for word, where this library and
    those it measures with have the versions that ``run.json`` names. Otherwise numbers are
    compared to 1e-9, and sentences without their numbers, or not at all where this library itself
    is another: its wording may be.

    Parameters
    ----------
    folder
        That ``greenspace check -o`` or ``Check.write`` wrote.
    manifest
        Of the city, where it does not lie where ``run.json`` says; inputs are looked up from it.

    standard
        Of one's own, where its file lies neither where it lay nor beside the manifest: its path,
        with ``:level`` as in `check`.

    Returns
    -------
    Verification
        ``.identical``, files of the folder edited since, inputs that changed or are missing,
        values that differ, versions that differ.

    Raises
    ------
    InputError
        The folder is none that a check wrote, the manifest is not there, or the inputs are as
        they were and yet refused.

    Examples
    --------
    >>> verify("no/such/folder")
    Traceback (most recent call last):
    greenspace.errors.InputError: ...
    """
    results = read_results(folder)
    path = _manifest(results, manifest)
    replaced = tuple(_replaced(results.run))
    today, refused = _today(path, results, standard or _standard(results, path), progress)
    new = {} if today is None else json.loads(check_json(today))
    before = _sums(results.record)
    after = _now(before, path) if today is None else _sums(new)
    old = results.record if today is not None else {}
    words = all(item.name != "greenspace" for item in replaced)
    try:
        compared, unlike = unlike_values(old, new, exact=not replaced, words=words)
    except RecursionError:
        raise not_results(results.folder / CHECK, "shallow tables") from None
    changed = [name for name in before if name in after and after[name] != before[name]]
    missing = [name for name in before if name not in after]
    if refused is not None and not changed and not missing:
        raise refused
    return Verification(
        folder=results.folder,
        manifest=path,
        standard=str(results.record["standard"]),
        compared=compared,
        edited=results.edited,
        lost=results.lost,
        inputs_changed=tuple(changed),
        inputs_missing=tuple(missing),
        inputs_new=tuple(name for name in after if name not in before),
        unlike=unlike,
        replaced=replaced,
        refused=refused,
        exact=not replaced,
        words=words,
        files=len(results.run["files"]),
        inputs=len(before),
    )


def _manifest(results: Results, named: Path | str | None) -> Path:
    path = Path(results.run["manifest"]) if named is None else named_path(named)
    if named is not None and is_folder(path):
        path /= "city.toml"
    if not is_plain(path):
        raise InputError(
            f"清单不在原处：{path}。",
            f"The manifest is not there any more: {path}.",
            remedy=Text(
                zh="如已移动，请写 --manifest city.toml 的新位置。",
                en="If it has moved, name its new place with --manifest.",
            ),
            file=path,
        )
    return path


def _today(
    path: Path, results: Results, standard: str, progress: Progress | None
) -> tuple[Check | None, GreenspaceError | None]:
    """Return the check of today, or why it is refused."""
    told = results.run.get("on_bad_tile")
    on_bad_tile: Any = told if told in ("refuse", "unseen") else None
    try:
        return check(path, standard=standard, on_bad_tile=on_bad_tile, progress=progress), None
    except GreenspaceError as error:
        return None, error


def _standard(results: Results, manifest: Path) -> str:
    """Return the standard of then; a file that moved with the city is looked for beside it."""
    asked = str(results.run.get("standard") or results.record["standard"])
    name, colon, level = asked.rpartition(":")
    if not colon or any(sign in level for sign in "/\\."):
        name, colon, level = asked, "", ""
    lay = own_file(name)
    if lay is None or is_plain(lay):
        return asked
    files = [item for item in results.record["inputs"] if STANDARD in item.get("roles", ())]
    for item in files:
        inner = PurePosixPath(item["path"])
        beside = manifest.parent / inner.name
        within = manifest.parent / inner
        for path in (beside if _leaves(inner) else within, beside):
            if is_plain(path) and sha256_of(path) == item.get("sha256"):
                return f"{path}{colon}{level}"
    return asked


def _leaves(name: PurePosixPath | PureWindowsPath) -> bool:
    """Return whether a name leads out of the folder that it is named from."""
    return name.is_absolute() or bool(name.drive) or ".." in name.parts


def _sums(record: Mapping[str, Any]) -> dict[str, str | None]:
    """Return the checksum of each input; the manifest goes by its role, whatever it is called."""
    return {_called(item): item.get("sha256") for item in record["inputs"]}


def _called(item: Mapping[str, Any]) -> str:
    roles = item.get("roles", ())
    if MANIFEST in roles:
        return MANIFEST
    return PurePosixPath(item["path"]).name if STANDARD in roles else str(item["path"])


def _now(before: Mapping[str, str | None], manifest: Path) -> dict[str, str | None]:
    """Return the checksums of the inputs that are there, where they could not be read as a city.

    The record names them, and a record may be forged: what it names outside the folder of the
    manifest is not looked at, and counts as it was.
    """
    found: dict[str, str | None] = {}
    for name, known in before.items():
        path = manifest if name == MANIFEST else manifest.parent / name
        outside = _leaves(PurePosixPath(name)) or _leaves(PureWindowsPath(name))
        if known is None or "://" in name or (outside and name != MANIFEST):
            found[name] = known  # from a database: nothing lies there to be summed
        elif is_plain(path) or (name not in {"", "."} and is_folder(path)):
            found[name] = sha256_of(path)
    return found


def _replaced(run: Mapping[str, Any]) -> Iterator[Replaced]:
    """Give each library, and this one, that is in another version than the run names."""
    now = {"greenspace": software_version(), **dict(versions())}
    then = {"greenspace": run["software"].get("version"), **run["libraries"]}
    for name, version in now.items():
        if str(then.get(name)) != version:
            yield Replaced(name=name, old=str(then.get(name)), new=version)
