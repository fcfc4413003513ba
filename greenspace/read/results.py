"""Results: a folder that a check wrote, read again.

Question   What does this folder say was measured, from what, with what, and is it whole?
Enters     The path of a folder.
Leaves     run.json and check.json as plain values, and which files are no longer as written.
Elsewhere  Writing it: present/write. Holding it against the inputs of today: verification.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from greenspace.errors import InputError
from greenspace.model.words import Text
from greenspace.read.files import sha256_alone

if TYPE_CHECKING:
    from collections.abc import Mapping

RUN, CHECK = "run.json", "check.json"
ALWAYS = (CHECK, "indicators.xlsx", "layers.gpkg", "report.docx", "report.html")
LARGEST_BYTES = 200_000_000
NOT_OURS = Text(
    zh="请给出 greenspace check -o 写出的文件夹。",
    en="Name a folder that greenspace check -o wrote.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """A folder of results.

    Attributes
    ----------
    edited, lost
        Of the files that run.json lists: with another checksum, and not there. What every check
        writes and run.json does not list is lost, too.
    """

    folder: Path
    run: Mapping[str, Any]
    record: Mapping[str, Any]
    edited: tuple[str, ...]
    lost: tuple[str, ...]


def read_results(folder: Path | str) -> Results:
    """Return what a folder of results says of itself.

    Raises
    ------
    InputError
        It is no folder that a check wrote: run.json or check.json is not there, is no JSON, or
        lacks what every one of them has.
    """
    home = named_path(folder)
    run, record = _json(home / RUN), _json(home / CHECK)
    listed = run.get("files")
    wanted = (run.get("manifest"), run.get("libraries"), run.get("software"))
    if (
        not isinstance(listed, list)
        or not isinstance(wanted[0], str)
        or not all(isinstance(part, dict) for part in wanted[1:])
    ):
        raise not_results(home / RUN, "manifest, libraries, software, files")
    inputs = record.get("inputs")
    if (
        not isinstance(inputs, list)
        or not all(map(_is_input, inputs))
        or not isinstance(record.get("standard"), str)
    ):
        raise not_results(home / CHECK, "standard, inputs")
    edited, lost = _since(home, listed)
    return Results(folder=home, run=run, record=record, edited=edited, lost=lost)


def _json(path: Path) -> dict[str, Any]:
    try:
        if not is_plain(path) and path.exists():
            raise not_results(path, "a plain file")
        if path.stat().st_size > LARGEST_BYTES:
            raise not_results(path, "a smaller file")
        found = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(
            f"读不到 {path.name}：{error.strerror}。",
            f"{path.name} cannot be read: {error.strerror}.",
            remedy=NOT_OURS,
            file=path,
        ) from None
    except InputError:
        raise
    except (ValueError, RecursionError):
        raise not_results(path, "JSON") from None
    if not isinstance(found, dict):
        raise not_results(path, "a JSON object")
    return found


def named_path(name: Path | str) -> Path:
    """Return the path that somebody named, ``~`` being their home where there is one."""
    try:
        return Path(name).expanduser()
    except RuntimeError:  # the home of nobody
        return Path(name)


def is_plain(path: Path) -> bool:
    """Return whether a plain file lies there, which reading cannot wait on for ever."""
    try:
        return path.is_file()
    except (OSError, ValueError):  # a name too long, or with a zero byte
        return False


def is_folder(path: Path) -> bool:
    """Return whether a folder lies there."""
    try:
        return path.is_dir()
    except (OSError, ValueError):
        return False


def _is_input(item: object) -> bool:
    if not isinstance(item, dict):
        return False
    roles, known = item.get("roles", []), item.get("sha256")
    return (
        isinstance(item.get("path"), str)
        and isinstance(known, str | None)
        and isinstance(roles, list)
        and all(isinstance(role, str) for role in roles)
    )


def not_results(path: Path, expected: str) -> InputError:
    """Return the refusal of a file that no check wrote."""
    return InputError(
        f"{path.name} 不是 check 写出的文件。",
        f"{path.name} is not what a check writes.",
        remedy=NOT_OURS,
        file=path,
        expected=expected,
    )


def _since(home: Path, listed: list[Any]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    edited, lost = [], []
    for item in listed:
        name, known = (item.get("path"), item.get("sha256")) if isinstance(item, dict) else (0, 0)
        if not isinstance(name, str) or ".." in Path(name).parts or Path(name).is_absolute():
            raise not_results(home / RUN, "files below the folder")
        path = home / name
        if not is_plain(path):
            lost.append(name)
        elif sha256_alone(path) != known:
            edited.append(name)
    names = {item["path"] for item in listed}
    lost += [name for name in ALWAYS if name not in names]
    return tuple(edited), tuple(lost)
