"""Land cover: from the codes of a class raster to green, layer by layer.

Question   Is this pixel a tree, a shrub, a herb, something else, or not seen?
Enters     A reader of one band of codes, and what the codes stand for.
Leaves     A lazy GreenRaster that is a ClassRaster too.
Elsewhere  Tables of codes: read/land_cover. Thresholds: prepare/vegetation.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePath
from typing import TYPE_CHECKING

import numpy as np

from greenspace.errors import RasterError
from greenspace.model.grid import UNSEEN, ClassStrip, Strip
from greenspace.model.source import Finding, Source
from greenspace.model.words import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from numpy.typing import NDArray

    from greenspace.model.grid import BandReader, Grid, Window
    from greenspace.model.land_cover import Cover, CoverTable
    from greenspace.model.notes import Notes

    Floats = NDArray[np.float64]

LAYERS = ("not_green", "tree", "shrub", "herb", "green")
SHOWN = 20


@dataclass(frozen=True)
class LandCover:
    """Vegetation of a class raster, by the table of its codes. Lazy.

    Its classes are those of `LAYERS`: 0 not green, 1 tree, 2 shrub, 3 herb, 4 green of a layer
    that the table does not tell. Codes of cropland are herbs where `crops` count, else not
    green; codes that the table calls unseen, and nodata, are unseen.

    Attributes
    ----------
    reader
        Yields the codes.
    table
        What they stand for.
    crops
        Whether cropland counts as green.
    """

    reader: BandReader
    table: CoverTable
    crops: bool = False

    def __repr__(self) -> str:
        """Return the raster and the table of its codes."""
        return f"LandCover({PurePath(self.reader.source.name).name}: {self.table.id})"

    @property
    def grid(self) -> Grid:
        """Where the pixels lie."""
        return self.reader.grid

    @property
    def sources(self) -> tuple[Source, ...]:
        """The raster, and which covers are green by which table."""
        covers = self.table.covers
        green = [code for code in covers if self._class_of(covers[code]) not in (0, UNSEEN)]
        rule = f"{self.table.id}: {', '.join(map(str, green))} are green"
        return (self.reader.source, Source(role="vegetation rule", name=rule))

    @property
    def parallel(self) -> bool:
        """Whether several threads may stream the raster at once."""
        return self.reader.parallel

    @property
    def tells_layers(self) -> bool:
        """Whether every code that is green is of a known layer."""
        return "green" not in self.table.covers.values()

    def notes(self) -> Notes:
        """Return what was met so far, for whoever tells of the whole raster."""
        return self.reader.notes()

    def note(self, notes: Notes) -> None:
        """Count what was met of the same raster elsewhere as if it had been met here."""
        self.reader.note(notes)

    def findings(self) -> tuple[Finding, ...]:
        """Return what was noticed about the raster, and whether its cropland counts."""
        crops = [code for code, cover in self.table.covers.items() if cover == "crop"]
        if not crops:
            return self.reader.findings()
        codes = ", ".join(map(str, crops))
        text = Text(
            zh=f"耕地（编码 {codes}）{'计入' if self.crops else '不计入'}绿化覆盖。",
            en=f"Cropland (codes {codes}) {'counts' if self.crops else 'does not count'} as green.",
        )
        return (*self.reader.findings(), Finding(code="cropland", text=text, layer="image"))

    def strips(self, windows: Iterable[Window]) -> Iterator[Strip]:
        """Yield which pixels of each window are green and which are seen.

        Raises
        ------
        RasterError
            A seen pixel has a code that is not in the table.
        """
        for strip in self.class_strips(windows):
            seen = strip.codes != UNSEEN
            yield Strip(strip.window, (strip.codes > 0) & seen, seen)

    def class_strips(self, windows: Iterable[Window]) -> Iterator[ClassStrip]:
        """Yield the class of each pixel, by its place in `LAYERS`.

        Raises
        ------
        RasterError
            A seen pixel has a code that is not in the table.
        """
        for window, (codes,), seen in self.reader.stream((self.table.band,), windows):
            place, known = self._places(codes)
            if (seen & ~known).any():
                raise self._unknown()
            yield ClassStrip(window, np.where(seen, self._classes[place], UNSEEN).astype(np.uint8))

    @cached_property
    def _codes(self) -> Floats:
        return np.array(list(self.table.covers), dtype=np.float64)

    @cached_property
    def _classes(self) -> NDArray[np.uint8]:
        found = [self._class_of(cover) for cover in self.table.covers.values()]
        return np.array(found, dtype=np.uint8)

    def _class_of(self, cover: Cover) -> int:
        if cover == "crop":
            cover = "herb" if self.crops else "none"
        return UNSEEN if cover == "unseen" else 0 if cover == "none" else LAYERS.index(cover)

    def _places(self, codes: Floats) -> tuple[NDArray[np.intp], NDArray[np.bool_]]:
        """Return the place of each code in the table, and whether it is there at all."""
        place = np.minimum(np.searchsorted(self._codes, codes), len(self._codes) - 1)
        return place, self._codes[place] == codes

    def _unknown(self) -> RasterError:
        """Return the refusal of all codes of the raster that the table does not have."""
        met: set[float] = set()
        for _, (codes,), seen in self.reader.stream((self.table.band,), self.grid.windows()):
            met.update(np.unique(codes[seen & ~self._places(codes)[1]]).tolist())
        strange = sorted(met)
        shown = ", ".join(f"{code:g}" for code in strange[:SHOWN])
        more = "…" if len(strange) > SHOWN else ""
        known = list(self.table.covers)
        return RasterError(
            f"分类栅格有 {len(strange)} 个编码不在地类表 {self.table.id} 中：{shown}{more}。",
            f"The class raster has {len(strange)} codes that the table {self.table.id} does not "
            f"know: {shown}{more}.",
            remedy=Text(
                zh="请核对地类表；云、影和无数据写作 unseen，或声明 nodata。",
                en="Check the table; name cloud, shadow and no data unseen, or declare nodata.",
            ),
            file=self.reader.source.name,
            expected=tuple(known),
            found=tuple(strange),
        )
