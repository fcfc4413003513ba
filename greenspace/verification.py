"""Verification: measure again what a folder of results was written from.

Question   Do these inputs still give these numbers, and if not, which of them changed?
Enters     A folder that a check wrote; another manifest, where the city has moved.
Leaves     A Verification.
Elsewhere  Measuring: pipeline. Reading the folder: read/results. Holding: evaluate/records.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from greenspace.errors import GreenspaceError, InputError
from greenspace.evaluate.records import unlike_values
from greenspace.model.verification import Replaced, Verification
from greenspace.model.words import Text
from greenspace.pipeline import check
from greenspace.present.record import check_json, software_version
from greenspace.present.write import versions
from greenspace.read.files import sha256_of
from greenspace.read.results import read_results

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from greenspace.model.check import Check
    from greenspace.read.results import Results

    Progress = Callable[[int, int, Text], None]

MANIFEST = "manifest"


def verify(
    folder: Path | str,
    *,
    manifest: Path | str | None = None,
    progress: Progress | None = None,
) -> Verification:
    """Measure a city again and hold every number of ``check.json`` against the new one.

    Numbers are compared to the last digit where this library and those it measures with have
    the versions that ``run.json`` names, otherwise to 1e-9.

    Parameters
    ----------
    folder
        That ``greenspace check -o`` or ``Check.write`` wrote.
    manifest
        Of the city, where it does not lie where ``run.json`` says; inputs are looked up from it.

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
    today, refused = _today(path, results, progress)
    new = {} if today is None else json.loads(check_json(today))
    before = _sums(results.record)
    after = _now(before, path) if today is None else _sums(new)
    compared, unlike = unlike_values(
        results.record if today is not None else {}, new, exact=not replaced
    )
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
    )


def _manifest(results: Results, named: Path | str | None) -> Path:
    path = Path(named or results.run["manifest"]).expanduser()
    if path.is_dir():
        path /= "city.toml"
    if not path.is_file():
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
    path: Path, results: Results, progress: Progress | None
) -> tuple[Check | None, GreenspaceError | None]:
    """Return the check of today, or why it is refused."""
    told = results.run.get("on_bad_tile")
    on_bad_tile: Any = told if told in {"refuse", "unseen"} else None
    standard = str(results.run.get("standard") or results.record["standard"])
    try:
        return check(path, standard=standard, on_bad_tile=on_bad_tile, progress=progress), None
    except GreenspaceError as error:
        return None, error


def _sums(record: Mapping[str, Any]) -> dict[str, str | None]:
    """Return the checksum of each input; the manifest goes by its role, whatever it is called."""
    return {
        MANIFEST if MANIFEST in item.get("roles", ()) else str(item.get("path")): item.get("sha256")
        for item in record["inputs"]
        if isinstance(item, dict)
    }


def _now(before: Mapping[str, str | None], manifest: Path) -> dict[str, str | None]:
    """Return the checksums of the inputs that are there, where they could not be read as a city."""
    found: dict[str, str | None] = {}
    for name, known in before.items():
        path = manifest if name == MANIFEST else manifest.parent / name
        if known is None or "://" in name:
            found[name] = known  # from a database: nothing lies there to be summed
        elif path.exists():
            found[name] = sha256_of(path)
    return found


def _replaced(run: Mapping[str, Any]) -> Iterator[Replaced]:
    """Give each library, and this one, that is in another version than the run names."""
    now = {"greenspace": software_version(), **dict(versions())}
    then = {"greenspace": run["software"].get("version"), **run["libraries"]}
    for name, version in now.items():
        if str(then.get(name)) != version:
            yield Replaced(name=name, old=str(then.get(name)), new=version)
