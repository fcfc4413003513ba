"""GDAL: one vector file opened by it, by its literal path, quietly and without a network.

Question   How does pyogrio get exactly this file, and GDAL nothing but it?
Enters     A path that exists.
Leaves     A path that pyogrio hands on as it stands; what GDAL remarked meanwhile.
Elsewhere  Reading layers: read/ogr. Which kinds may be opened: read/kinds.
"""

from __future__ import annotations

import os
import shutil
import warnings
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Self

import pyogrio
import pyogrio.raw

from greenspace.errors import InputError
from greenspace.model.source import Finding
from greenspace.model.words import Text
from greenspace.read.files import part_of
from greenspace.read.geojson import said_crs
from greenspace.read.geopackage import left_alone
from greenspace.read.kinds import kind_of_file

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

ARC_STEP_DEGREES = 1.0  # a circle drawn with chords of 1° loses 0.005 % of its area
SETTINGS = {
    "OGR_ARC_STEPSIZE": str(ARC_STEP_DEGREES),
    "GML_DOWNLOAD_SCHEMA": "NO",
    "CPL_VSIL_CURL_ALLOWED_FILENAME": "-",  # no file has this name: /vsicurl/ stays shut
}
SHOWN_REMARKS, REMARK_LENGTH = 5, 200
MEASURED = "Measured (M) geometry types"


class LiteralPath(str):
    """A path that pyogrio hands to GDAL as it stands.

    pyogrio takes a path apart at ``!``, ``?``, ``;`` and what looks like a scheme, except where
    it begins with ``/vsi``: so this one says that it does.
    """

    __slots__ = ()

    def __new__(cls, path: Path) -> Self:
        """Return the absolute path, never one of GDAL's virtual ones."""
        text = os.path.abspath(path)  # noqa: PTH100 - resolve() would follow links
        return super().__new__(cls, f"/.{text}" if text.lower().startswith("/vsi") else text)

    def __str__(self) -> str:
        """Return itself: str() would forget the kind."""
        return self

    def startswith(self, prefix: str | tuple[str, ...], *bounds: int) -> bool:  # type: ignore[override]
        """Return whether the path begins so, and yes for ``/vsi``."""
        return prefix == "/vsi" or super().startswith(prefix, *bounds)


@contextmanager
def opened(path: Path, **settings: str) -> Iterator[str]:
    """Yield what pyogrio opens for a path; GDAL's settings hold inside only.

    Raises
    ------
    InputError
        The file is of no kind that may be opened, or would have its CRS fetched.
    """
    kind = kind_of_file(path)
    _require_utf8(path)
    if kind == "GeoJSON":
        said_crs(path)  # refuses one that would be fetched
    with _settings({**SETTINGS, **settings}):
        if kind == "GML":
            with TemporaryDirectory() as folder:
                yield LiteralPath(_aside(path, Path(folder)))
        else:
            with left_alone(path) as quiet:
                yield LiteralPath(quiet)


def _require_utf8(path: Path) -> None:
    try:
        str(path).encode("utf-8")
    except UnicodeEncodeError as error:
        shown = os.fsencode(path).decode("utf-8", "replace")
        raise InputError(
            "文件名不是有效的 UTF-8 文字。",
            "The name of the file is no valid UTF-8 text.",
            remedy=Text(zh="请改名。", en="Rename it."),
            file=shown,
        ) from error


def _aside(path: Path, folder: Path) -> Path:
    """Link a GML into a folder of its own: GDAL writes an index beside what it reads."""
    for part in filter(None, (path, part_of(path, ".xsd"), part_of(path, ".gfs"))):
        try:
            (folder / part.name).symlink_to(part.resolve())
        except OSError:  # a system without links
            shutil.copy(part, folder / part.name)
    return folder / path.name


@contextmanager
def _settings(wanted: Mapping[str, str]) -> Iterator[None]:
    before = {key: pyogrio.get_gdal_config_option(key) for key in wanted}
    pyogrio.set_gdal_config_options(dict(wanted))
    try:
        yield
    finally:
        pyogrio.set_gdal_config_options(before)


@contextmanager
def listening() -> Iterator[list[str]]:
    """Collect what GDAL and pyogrio warn of, instead of printing it."""
    heard: list[str] = []
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        yield heard
    heard.extend(dict.fromkeys(str(item.message) for item in caught))


def remarks_of(heard: list[str], layer: str) -> tuple[Finding, ...]:
    """Return GDAL's own remarks as findings; that measures go is counted elsewhere."""
    kept = [text for text in heard if not text.startswith(MEASURED)]
    return tuple(
        Finding(
            code="file_remark",
            text=Text(zh=f"读取时 GDAL 提示：{short}", en=f"GDAL remarked while reading: {short}"),
            severity="warning",
            layer=layer,
        )
        for text in kept[:SHOWN_REMARKS]
        for short in (text[:REMARK_LENGTH],)
    )


def wkb_of_words(words: Sequence[str]) -> list[bytes | None]:
    """Return shapes written as WKT with arcs, drawn with chords; ``None`` where GDAL cannot."""
    with TemporaryDirectory() as folder, _settings(SETTINGS), listening():
        table = Path(folder) / "shapes.csv"
        rows = (f'{at},"{text.replace(chr(34), "")}"' for at, text in enumerate(words))
        table.write_text("\n".join(["at,WKT", *rows, ""]), encoding="utf-8")
        return list(pyogrio.raw.read(LiteralPath(table), columns=[])[2])
