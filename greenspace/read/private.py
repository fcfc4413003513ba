"""Private: a folder for copies, gone afterwards, of which nobody hears.

Question   Where may a file be completed or unpacked, so that the user's folder stays as it is?
Enters     The path that refusals shall speak of.
Leaves     An empty folder while it is used; refusals as if it had never been there.
Elsewhere  What is put there: read/archive, read/shapefile_parts.
"""

from __future__ import annotations

import os
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from greenspace.errors import GreenspaceError, InputError
from greenspace.model.words import Text

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def private_folder(stands_for: Path) -> Iterator[Path]:
    """Give an empty folder; in refusals ``stands_for`` takes its place.

    Raises
    ------
    InputError
        There is no room for one.
    """
    try:
        temporary = TemporaryDirectory(prefix="greenspace-", ignore_cleanup_errors=True)
    except OSError as error:
        raise InputError(
            f"没有可用的临时文件夹：{error.strerror}。",
            f"There is no temporary folder to work in: {error.strerror}.",
            remedy=Text(zh="请腾出磁盘空间。", en="Free some disk space."),
            file=stands_for,
        ) from error
    with temporary as name:
        folder = Path(name).resolve()
        try:
            yield folder
        except GreenspaceError as error:
            raise _outside(error, folder, stands_for) from error


def _outside(error: GreenspaceError, folder: Path, stands_for: Path) -> GreenspaceError:
    place = Path(error.file or folder)
    if place.is_relative_to(folder):
        place = stands_for / place.relative_to(folder)
    copy = f"{folder}{os.sep}"
    return type(error)(
        error.problem.zh.replace(copy, ""),
        error.problem.en.replace(copy, ""),
        remedy=error.remedy,
        file=place,
        layer=error.layer,
        column=error.column,
        rows=error.rows,
        expected=error.expected,
        found=error.found,
    )
