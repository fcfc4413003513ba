"""Mosaics: many files with one set of pixels, read as one image.

Question   How are tiles of one image read by windows, a few of them open at a time?
Enters     The origins of the tiles, in the order in which they win.
Leaves     One origin over the whole; where no tile lies, nothing is data.
Elsewhere  Single files: read/origin. Bands in separate files: read/bands.
"""

from __future__ import annotations

from collections import OrderedDict
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from affine import Affine
from rasterio.env import env_ctx_if_needed

from greenspace.errors import RasterError
from greenspace.model.grid import Grid, Window
from greenspace.model.words import Text
from greenspace.read.header import without_blanks

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from numpy.typing import NDArray

    from greenspace.read.header import Bare, Header, Origin, Reading

OPEN_AT_ONCE = 16
ALIGNED = 1e-3
SPARSE = 1000


@dataclass(frozen=True, slots=True)
class MosaicOrigin:
    """Tiles and where each begins; of two that overlap, the first that shows a pixel wins."""

    header: Header
    parts: tuple[Origin, ...]
    corners: tuple[tuple[int, int], ...]

    @property
    def parallel(self) -> bool:
        """Whether every file may be open in several sessions."""
        return all(part.parallel for part in self.parts)

    @property
    def bad_tiles(self) -> frozenset[tuple[Grid, Window]]:
        """Those of every file."""
        return frozenset().union(*(part.bad_tiles for part in self.parts))

    @property
    def absent_tiles(self) -> frozenset[tuple[Grid, Window]]:
        """Those of every file."""
        return frozenset().union(*(part.absent_tiles for part in self.parts))

    def note_tiles(self, bad: Iterable[Window], absent: Iterable[Window]) -> None:
        """Do nothing: tiles are those of a file."""

    def with_nodata(self, nodata: float | None) -> MosaicOrigin:
        """Return the same mosaic with another nodata value in every file."""
        return replace(self, parts=tuple(part.with_nodata(nodata) for part in self.parts))

    def opaque(self, numbers: set[int]) -> MosaicOrigin:
        """Return the same mosaic with these bands taken for data, not for alpha."""
        parts = tuple(part.opaque(numbers) for part in self.parts)
        said = all(part.header.says_nodata for part in parts)
        header = replace(self.header.opaque(numbers), says_nodata=said)
        return replace(self, header=header, parts=parts)

    @contextmanager
    def session(self) -> Iterator[Reading]:
        """Read from at most `OPEN_AT_ONCE` files that are open at the same time."""
        held = _Held()
        with env_ctx_if_needed():  # one for all tiles, which close in any order
            try:
                yield lambda numbers, window: self._read(held, numbers, window)
            finally:
                held.close()

    def bare(self) -> AbstractContextManager[Bare]:
        """Read as a session does, tile by tile."""
        return without_blanks(self.session())

    def _read(
        self, held: _Held, numbers: tuple[int, ...], window: Window
    ) -> tuple[NDArray[Any], NDArray[np.bool_]]:
        shape = (window.height, window.width)
        values = np.zeros((len(numbers), *shape), dtype=self.header.dtype)
        data = np.zeros(shape, dtype=bool)
        for part, corner in zip(self.parts, self.corners, strict=True):
            grid = part.header.grid
            row, col = max(window.row, corner[0]), max(window.col, corner[1])
            bottom = min(window.row + window.height, corner[0] + grid.height)
            right = min(window.col + window.width, corner[1] + grid.width)
            place = np.s_[
                row - window.row : bottom - window.row, col - window.col : right - window.col
            ]
            if row >= bottom or col >= right or data[place].all():
                continue
            inner = Window(row - corner[0], col - corner[1], bottom - row, right - col)
            found, shown = held.reading(part)(numbers, inner)
            new = shown & ~data[place]
            values[(slice(None), *place)][:, new] = found[:, new]
            data[place] |= new
        return values, data


class _Held:
    """The tiles that are open, the one used last at the end."""

    def __init__(self) -> None:
        self.open: OrderedDict[int, tuple[AbstractContextManager[Reading], Reading]] = OrderedDict()

    def reading(self, part: Origin) -> Reading:
        key = id(part)
        if key not in self.open:
            if len(self.open) >= OPEN_AT_ONCE:
                _, (oldest, _) = self.open.popitem(last=False)
                oldest.__exit__(None, None, None)
            session = part.session()
            self.open[key] = (session, session.__enter__())
        self.open.move_to_end(key)
        return self.open[key][1]

    def close(self) -> None:
        for session, _ in self.open.values():
            session.__exit__(None, None, None)
        self.open.clear()


def mosaic_of(parts: Sequence[Origin]) -> MosaicOrigin:
    """Return tiles as one image.

    Raises
    ------
    RasterError
        A tile has another CRS, pixel size, type or number of bands than the first, or its pixels
        do not lie on those of the first.
    """
    first = parts[0].header
    places = [_place_of(part.header, first) for part in parts]
    top, left = (min(place[axis] for place in places) for axis in (0, 1))
    height = max(
        row + part.header.grid.height for (row, _), part in zip(places, parts, strict=True)
    )
    width = max(col + part.header.grid.width for (_, col), part in zip(places, parts, strict=True))
    grid = replace(
        first.grid,
        width=width - left,
        height=height - top,
        transform=first.grid.transform @ Affine.translation(left, top),
    )
    _require_together(parts, grid)
    header = replace(
        first,
        name=f"{first.name} (+{len(parts) - 1})",
        grid=grid,
        says_nodata=all(part.header.says_nodata for part in parts),
    )
    corners = tuple((row - top, col - left) for row, col in places)
    return MosaicOrigin(header, tuple(parts), corners)


def _place_of(header: Header, first: Header) -> tuple[int, int]:
    """Return the row and column of the first tile's pixels at which a tile begins."""
    _require_alike(header, first)
    here, there = header.grid, first.grid
    own, wanted = here.transform, there.transform
    sides = [(own.a, wanted.a), (own.b, wanted.b), (own.d, wanted.d), (own.e, wanted.e)]
    most = max(here.width, here.height, there.width, there.height)
    if any(abs(one - other) * most > ALIGNED * there.pixel_size for one, other in sides):
        raise _unlike(
            header,
            Text(zh="像元大小或方向", en="pixel size or direction"),
            [wanted.a, wanted.e],
            [own.a, own.e],
            Text(zh="请重采样到同一像元大小。", en="Resample it to the same pixel size."),
        )
    col, row = ~wanted @ (own.c, own.f)
    if abs(col - round(col)) > ALIGNED or abs(row - round(row)) > ALIGNED:
        raise _unlike(
            header,
            Text(zh="像元位置（错开不足一个像元）", en="pixel position, by part of a pixel"),
            0,
            [round(col % 1, 3), round(row % 1, 3)],
            Text(zh="请重采样到同一格网。", en="Resample it to the same grid."),
        )
    return round(row), round(col)


def _require_alike(header: Header, first: Header) -> None:
    if header.grid.crs != first.grid.crs:
        raise _unlike(
            header,
            Text(zh="坐标系", en="CRS"),
            getattr(first.grid.crs, "name", None),
            getattr(header.grid.crs, "name", None),
            Text(zh="请先投影到同一坐标系。", en="Bring all files into one CRS first."),
        )
    facts = {
        "count": Text(zh="波段数", en="number of bands"),
        "dtypes": Text(zh="数据类型", en="data type"),
        "descriptions": Text(zh="波段说明", en="band names"),
        "scales": Text(zh="比例", en="scale"),
        "offsets": Text(zh="偏移", en="offset"),
        "alpha": Text(zh="透明波段", en="alpha band"),
        "palette": Text(zh="颜色表", en="colour table"),
    }
    for fact, title in facts.items():
        one, other = getattr(first, fact), getattr(header, fact)
        if one != other:
            remedy = Text(zh="请把各文件转为一致后再用。", en="Make the files alike first.")
            raise _unlike(header, title, one, other, remedy)


def _require_together(parts: Sequence[Origin], grid: Grid) -> None:
    """Refuse tiles so far apart that one of them must be in the wrong place."""
    shown = sum(part.header.grid.width * part.header.grid.height for part in parts)
    if grid.width * grid.height <= SPARSE * shown:
        return
    raise RasterError(
        f"各文件相距太远：合起来的范围是其面积之和的 {SPARSE} 倍以上。",
        f"The files lie too far apart: their extent is more than {SPARSE} times their own area.",
        remedy=Text(zh="请核对各文件的位置。", en="Check where each file lies."),
        file=parts[0].header.name,
        found=(grid.width, grid.height),
    )


def _unlike(
    header: Header, what: Text, expected: object, found: object, remedy: Text
) -> RasterError:
    return RasterError(
        f"与第一个文件的{what.zh}不同：{found}，而不是 {expected}。",
        f"It differs from the first file in {what.en}: {found}, not {expected}.",
        remedy=remedy,
        file=header.name,
        expected=expected,
        found=found,
    )
