"""Residents: whatever counts people, brought onto blocks of land.

Question   How many persons live on each block or in each district, by a column, layer or raster?
Enters     Blocks made ready and what counts people; or places and a raster.
Leaves     Residents, or People of places, with what was noticed on the way.
Elsewhere  The arithmetic: prepare/population, people_pixels. Opening files: read/raster.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import nan
from os import PathLike
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np

from greenspace.errors import InputError, RasterError
from greenspace.model.layers import INDICATORS
from greenspace.model.place import require_image_place
from greenspace.model.source import Finding, Source
from greenspace.model.words import Text
from greenspace.prepare.people_pixels import BAND, persons_inside
from greenspace.prepare.population import (
    COLUMN,
    LACKING,
    Residents,
    population_of_blocks,
    shapeless_findings,
)
from greenspace.prepare.repair import as_frame
from greenspace.read.header import Terms
from greenspace.read.raster import open_image

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from greenspace.model.source import Severity
    from greenspace.prepare.ready import Ready
    from greenspace.read.raster import ImageBands

TOLD = 1e-6  # of a place without data: less is rounding
ALL_COUNT = Finding(
    code="nodata_undeclared",
    text=Text(
        zh="人口栅格没有 nodata 标记，除 NaN 外的全部像元按人数读取。",
        en="The population raster declares no nodata; every pixel but NaN is read as persons.",
    ),
    layer=COLUMN,
)


def residents_of(
    blocks: gpd.GeoDataFrame, population: Any, ready: Ready, *, layer: str = "residential"
) -> Residents:
    """Return the persons on each block.

    Parameters
    ----------
    blocks
        Valid polygons in the CRS of `ready`, with their columns.
    population
        The name of a column of `blocks`; a layer of points or of zones with a column
        ``population``; or a raster of persons a pixel.
    ready
        Brings a layer into the measuring CRS, and keeps what is found on the way.
    layer
        Under which name `ready` made the blocks ready.

    Raises
    ------
    InputError
        The population is none of these, or nobody lives on any block.
    ColumnError, GeometryError, RasterError, CrsError
        As in `population_of_blocks`, and where a layer or raster cannot be read.
    """
    if names_column(population, blocks):
        found = population_of_blocks(blocks, population, layer=layer)
        return _with_shapeless(found, ready, population, layer)
    if isinstance(population, gpd.GeoDataFrame | gpd.GeoSeries):
        frame = as_frame(population, COLUMN)
        dotted = bool(len(frame)) and bool((frame.geom_type == "Point").any())
        placed = ready.points(frame, COLUMN) if dotted else ready.layer(frame, COLUMN)
        if placed.empty:
            raise _no_shapes(len(frame))
        return _with_shapeless(population_of_blocks(blocks, placed), ready, COLUMN, COLUMN)
    _require_raster(population)
    raster = people_raster(population)
    found = population_of_blocks(blocks, raster)
    note = Text(
        zh=f"栅格按每像元人数读取，居住用地上共 {found.persons.sum():,.0f} 人",
        en=f"read as persons a pixel; {found.persons.sum():,.0f} on residential land",
    )
    ready.add_source(Source(role=COLUMN, name=raster.source.name, note=note))
    return found


def names_column(population: object, places: gpd.GeoDataFrame) -> bool:
    """Return whether a population is the name of a column, and not of a file.

    Examples
    --------
    >>> names_column("POP", gpd.GeoDataFrame()), names_column("pop.tif", gpd.GeoDataFrame())
    (True, False)
    """
    if not isinstance(population, str):
        return False
    return population in places.columns or not any(sign in population for sign in "./\\")


def _with_shapeless(found: Residents, ready: Ready, column: str, layer: str) -> Residents:
    gone = ready.left_out(layer)
    findings = () if gone is None else shapeless_findings(gone, column, layer)
    return replace(found, findings=(*found.findings, *findings))


def _no_shapes(count: int) -> InputError:
    return InputError(
        "人口图层没有任何图形。",
        "The population layer holds no shapes.",
        remedy=Text(zh="请核对图层。", en="Check the layer."),
        layer=COLUMN,
        found=count,
    )


def _require_raster(population: object) -> None:
    """Refuse what can be no raster: a number, a list, nothing."""
    readable = isinstance(population, str | PathLike) or hasattr(population, "read")
    if readable or hasattr(population, "dims"):
        return
    shown = repr(population) if isinstance(population, int | float) else type(population).__name__
    raise InputError(
        f"人口应为字段名、点或面图层、或人口栅格，而不是 {shown}。",
        f"The population should be a column, a layer of points or zones, or a raster of "
        f"persons, not {shown}.",
        remedy=Text(
            zh="没有位置的数不能说明人住在哪里：请写入居住用地的字段。",
            en="Numbers without a place do not say who lives where: write them into a column of "
            "the residential land.",
        ),
        found=shown,
    )


@dataclass(frozen=True, slots=True, eq=False)
class People:
    """Who lives in the places of a city, by a raster.

    Attributes
    ----------
    persons
        By place; 0 where they are not known.
    unknown
        By place, why its population is not known, else ``None``.
    """

    persons: NDArray[np.float64]
    unknown: tuple[Text | None, ...]
    findings: tuple[Finding, ...]

    @property
    def city(self) -> float | None:
        """Persons in the built-up area, the first place; ``None`` where not known."""
        return float(self.persons[0]) if self.unknown[0] is None else None


def people_of_places(
    reader: ImageBands, places: gpd.GeoDataFrame, names: tuple[Text, ...]
) -> People:
    """Return the persons a raster counts in each place, the first of which is the whole city.

    Where more than 1 % of a place has no data, its population is not known: no data is not
    nobody.

    Raises
    ------
    RasterError, CrsError
        It counts fewer than no persons, or has no CRS.
    """
    persons, lacking = persons_inside(places, reader)
    blind = lacking > LACKING
    persons = np.where(blind, 0.0, persons)
    unknown = tuple(
        _unknown(share) if dark else None for share, dark in zip(lacking, blind, strict=True)
    )
    found = People(persons, unknown, ())
    told = (*_counted_findings(found), *_lacking_findings(lacking, names))
    return replace(found, findings=(*told, *reader.findings()))


def _unknown(share: float) -> Text:
    return Text(
        zh=f"人口栅格在此处有 {share:.1%} 没有数据（超过 {LACKING:.0%}），人口未知。",
        en=f"The population raster has no data on {share:.1%} of this place, more than "
        f"{LACKING:.0%}, so its population is not known.",
    )


def _counted_findings(found: People) -> tuple[Finding, ...]:
    if found.city is None:
        return ()
    text = Text(
        zh=f"人口取自人口栅格：按每像元人数读取，边界像元按面积比例，建成区内共 {found.city:,.0f} 人。",
        en="The population is counted from the raster, read as persons a pixel, pixels on the line "
        f"by their share: {found.city:,.0f} persons in the built-up area.",
    )
    return (_of_people("population_from_raster", text, "note"),)


def _lacking_findings(lacking: NDArray[np.float64], names: tuple[Text, ...]) -> tuple[Finding, ...]:
    """Return what share of each place the raster does not know; a note where it is small."""
    rows = [(name, share) for name, share in zip(names, lacking, strict=True) if share > TOLD]
    if not rows:
        return ()
    text = Text(
        zh="人口栅格没有数据的用地比例："
        + "、".join(f"{name.zh} {share:.2%}" for name, share in rows)
        + "。没有数据不等于无人；若确实无人，请在这些像元写 0。",
        en="Share of ground on which the population raster has no data: "
        + ", ".join(f"{name.en} {share:.2%}" for name, share in rows)
        + ". No data is not nobody: where nobody lives there, write 0 into those pixels.",
    )
    severity: Severity = "warning" if any(share > LACKING for _, share in rows) else "note"
    return (_of_people("population_unseen", text, severity),)


def _of_people(code: str, text: Text, severity: Severity) -> Finding:
    touched = INDICATORS[COLUMN]
    return Finding(code=code, text=text, severity=severity, layer=COLUMN, indicators=touched)


def people_raster(raster: Any, *, crs: Any = None, outside: bool = False) -> ImageBands:
    """Open a raster of persons a pixel; no pixel is read yet.

    Where no nodata is declared, zeros mean that nobody lives there.

    Raises
    ------
    RasterError
        It cannot be opened, or has several bands.
    """
    terms = Terms(crs=crs, outside=outside, absent_unseen=False)
    reader = open_image(raster, need=(BAND,), bands={BAND: 1}, terms=terms)
    header = reader.origins[0].header
    if header.count > 1:
        raise RasterError(
            f"人口栅格有 {header.count} 个波段，不知哪一个是人数。",
            f"The population raster has {header.count} bands: which holds the persons is not known.",
            remedy=Text(zh="请另存为单波段。", en="Save that band on its own."),
            file=reader.source.name,
            expected=1,
            found=header.count,
        )
    if not header.says_nodata:
        reader = replace(reader, nodata=nan, remarks=(*reader.remarks, ALL_COUNT))
    require_image_place(reader.grid.crs, reader.grid.bounds, file=reader.source.name)
    return reader
