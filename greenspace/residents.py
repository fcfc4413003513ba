"""Residents: whatever counts people, brought onto blocks of land.

Question   How many persons live on each block, by this column, layer or raster?
Enters     Blocks made ready, and a column name, a layer of points or zones, or a raster.
Leaves     Residents, with what was noticed on the way.
Elsewhere  The arithmetic: prepare/population. Opening files: read/raster.
"""

from __future__ import annotations

from dataclasses import replace
from math import nan
from typing import TYPE_CHECKING, Any

import geopandas as gpd

from greenspace.errors import InputError, RasterError
from greenspace.model.place import require_image_place
from greenspace.model.source import Finding, Source
from greenspace.model.words import Text
from greenspace.prepare.population import (
    BAND,
    COLUMN,
    Residents,
    persons_inside,
    population_of_blocks,
)
from greenspace.prepare.repair import as_frame
from greenspace.read.header import Terms
from greenspace.read.raster import open_image

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from greenspace.prepare.ready import Ready
    from greenspace.read.raster import ImageBands

ALL_COUNT = Finding(
    code="nodata_undeclared",
    text=Text(
        zh="人口栅格没有 nodata 标记，全部像元按人数读取。",
        en="The population raster declares no nodata; every pixel is read as persons.",
    ),
    layer=COLUMN,
)


def residents_of(blocks: gpd.GeoDataFrame, population: Any, ready: Ready) -> Residents:
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

    Raises
    ------
    InputError
        The population is none of these, or nobody lives on any block.
    ColumnError, GeometryError, RasterError, CrsError
        As in `population_of_blocks`, and where a layer or raster cannot be read.
    """
    word = isinstance(population, str) and "." not in population  # a file has a suffix
    if word or (isinstance(population, str) and population in blocks.columns):
        return population_of_blocks(blocks, population)
    if isinstance(population, gpd.GeoDataFrame | gpd.GeoSeries):
        frame = as_frame(population, COLUMN)
        dotted = bool(len(frame)) and bool((frame.geom_type == "Point").any())
        return population_of_blocks(
            blocks, ready.points(frame, COLUMN) if dotted else ready.layer(frame, COLUMN)
        )
    if isinstance(population, bool | int | float) or population is None:
        raise InputError(
            f"人口应为字段名、点或面图层、或人口栅格，而不是 {population!r}。",
            f"The population should be a column, a layer of points or zones, or a raster of "
            f"persons, not {population!r}.",
            remedy=Text(
                zh="一个总数不能说明人住在哪里。", en="One total does not say who lives where."
            ),
            found=population,
        )
    raster = people_raster(population)
    found = population_of_blocks(blocks, raster)
    note = Text(
        zh=f"栅格按每像元人数读取，居住用地上共 {found.persons.sum():,.0f} 人",
        en=f"read as persons a pixel; {found.persons.sum():,.0f} on residential land",
    )
    ready.add_source(Source(role=COLUMN, name=raster.source.name, note=note))
    return found


def people_of_places(
    raster: Any, places: gpd.GeoDataFrame
) -> tuple[NDArray[np.float64], tuple[Finding, ...]]:
    """Return the persons a raster counts in each place, the first of which is the whole.

    Raises
    ------
    RasterError, CrsError
        The raster cannot be read, or counts fewer than no persons.
    """
    reader = people_raster(raster)
    people = persons_inside(places, reader)
    text = Text(
        zh=f"人口取自人口栅格：按每像元人数读取，边界像元按面积比例，建成区内共 {people[0]:,.0f} 人。",
        en="The population is counted from the raster, read as persons a pixel, pixels on the line "
        f"by their share: {people[0]:,.0f} persons in the built-up area.",
    )
    told = Finding(
        code="population_from_raster",
        text=text,
        layer=COLUMN,
        indicators=("park_area_per_capita",),
    )
    return people, (told, *reader.findings())


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
