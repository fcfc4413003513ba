"""Image paths: what the words for an image mean, and opening it with drivers that are safe.

Question   Which file, variable or address is meant, and may it be opened?
Enters     A path, ``NETCDF:"file.nc":variable``, or a URL that the user names.
Leaves     A location that opens the same way each time; or a refusal.
Elsewhere  What VRTs may hold: read/vrt. Reading pixels: read/blocks.
"""

from __future__ import annotations

import os
import re
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rasterio.errors import RasterioError

from greenspace.errors import InputError, RasterError
from greenspace.model.words import Text
from greenspace.read.drivers import DRIVERS, opened_as
from greenspace.read.files import require_file
from greenspace.read.vrt import require_plain_mask, require_plain_vrt

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SUBDATASET = re.compile(r'NETCDF:"?(?P<file>[^"]+)"?:(?P<variable>[^":]+)')
ADDRESS = re.compile(r"(/vsi|(https?|ftp|s3|gs|az|oss)://)")
CHECK_PATH = Text(zh="请核对路径和文件。", en="Check the path and the file.")


@dataclass(frozen=True, slots=True)
class Location:
    """What GDAL is given, and what people are told."""

    name: str
    target: Path | str

    @contextmanager
    def opened(self) -> Iterator[Any]:
        """Open it with the drivers that are allowed.

        Raises
        ------
        RasterError
            It is no image of a kind that is read.
        """
        with ExitStack() as stack:
            try:
                dataset = stack.enter_context(opened_as(self.target, DRIVERS))
            except RasterioError as error:
                raise cannot_open(self.name, error) from error
            yield dataset


def cannot_open(name: str, reason: object, remedy: Text = CHECK_PATH) -> RasterError:
    """Return the refusal of an image that cannot be opened."""
    return RasterError(
        f"不能作为影像打开：{reason}。",
        f"It cannot be opened as an image: {reason}.",
        remedy=remedy,
        file=name,
    )


def split_subdataset(words: str) -> tuple[str, str] | None:
    """Return file and variable of ``NETCDF:"file.nc":variable``, or None.

    Examples
    --------
    >>> split_subdataset('NETCDF:"s2.nc":B04')
    ('s2.nc', 'B04')
    >>> split_subdataset("s2.nc")
    """
    match = SUBDATASET.fullmatch(words)
    return None if match is None else (match["file"], match["variable"])


def locate(words: str | os.PathLike[str], *, outside: bool = False) -> Location:
    """Return where an image lies.

    What exists as a file is that file, whatever characters its name holds; only else do words
    mean a variable of a file, or an address.

    Raises
    ------
    RasterError
        There is no such file, it is a folder, or a VRT that reaches beyond plain files.
    """
    name = str(os.fspath(words))
    if not os.path.exists(name):  # noqa: PTH110 - Path.exists raises on names too long
        subdataset = split_subdataset(name)
        if subdataset is not None:
            file = _require_file(subdataset[0], name).absolute()
            require_plain_mask(file)
            return Location(name, f'NETCDF:"{file}":{subdataset[1]}')
        if ADDRESS.match(name):
            return Location(name, name)
    path = _require_file(name, name).absolute()
    if not outside:
        require_plain_mask(path)
        require_plain_vrt(path)
    return Location(name, path)


def _require_file(words: str, name: str) -> Path:
    try:
        path = require_file(words)
    except (InputError, OSError, ValueError) as error:
        if isinstance(error, InputError) and error.found == "special":
            raise RasterError(
                error.problem.zh, error.problem.en, remedy=error.remedy, file=name, found="special"
            ) from error
        remedy = getattr(error, "remedy", None) or CHECK_PATH
        raise RasterError(
            "不能作为影像打开：文件不存在。",
            "It cannot be opened as an image: there is no such file.",
            remedy=remedy,
            file=name,
        ) from error
    if path.is_dir():
        raise RasterError(
            "这是文件夹，不是影像文件。",
            "This is a folder, not an image.",
            remedy=Text(zh="请写出其中的影像文件。", en="Name the image in it."),
            file=name,
            found="folder",
        )
    return path
