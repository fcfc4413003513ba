"""City: everything that one manifest says, in memory.

Question   Which layers, images and facts does this city bring?
Enters     What read/city found.
Leaves     One frozen value with one attribute per layer.
Elsewhere  The file: read/city. Measuring: pipeline.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from os import fspath
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

if TYPE_CHECKING:
    from datetime import date

    import geopandas as gpd
    import pandas as pd
    from pyproj import CRS

    from greenspace.model.source import Finding, Source
    from greenspace.model.trajectory import Baseline

    ImageFile: TypeAlias = "Path | Variable"
    ImageFiles: TypeAlias = tuple[ImageFile, ...]

Objective: TypeAlias = Literal["f1", "area"]


@dataclass(frozen=True, slots=True, kw_only=True)
class MaskSpec:
    """A mask of an image and how to read it; can stand wherever a path can.

    Without codes, values or bits, every number but zero hides its pixel.

    Attributes
    ----------
    codes
        Known mask codes, such as ``sentinel2-scl``.
    values, bits
        The numbers, or the bits of them, that hide a pixel.
    """

    path: Path
    codes: str | None = None
    values: tuple[int, ...] | None = None
    bits: tuple[int, ...] | None = None

    def __fspath__(self) -> str:
        """Return the path, so that any library can open the mask."""
        return str(self.path)


@dataclass(frozen=True, slots=True)
class Variable:
    """A variable of a NetCDF file; can stand wherever a path can."""

    path: Path
    name: str

    def __fspath__(self) -> str:
        """Return what GDAL calls it."""
        return f'NETCDF:"{self.path}":{self.name}'


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageSpec:
    """One image of a city and how to read it; of a single file, can stand wherever a path can.

    Attributes
    ----------
    name, date
        What it is called in reports, and the day it was taken.
    sensor, bands
        A known sensor, or which band is which, counted from 1.
    scale, offset
        From stored numbers to reflectance: ``number * scale + offset``.
    nodata
        The number of pixels that show nothing.
    mask
        Which pixels cloud or shadow hides.
    path
        A file, a variable of one, many files that make one image, or either by band name.
    crs
        Where the image has none.
    on_bad_tile
        Whether a tile that cannot be decoded is refused or counts as unseen.
    allow_outside
        Whether a VRT may reach for more than plain files beside it.
    """

    path: ImageFile | ImageFiles | Mapping[str, ImageFile | ImageFiles]
    name: str
    date: date | None = None
    sensor: str | None = None
    bands: Mapping[str, int] | None = None
    scale: float | None = None
    offset: float | None = None
    nodata: float | None = None
    mask: MaskSpec | None = None
    crs: str | None = None
    on_bad_tile: Literal["refuse", "unseen"] = "refuse"
    allow_outside: bool = False

    @property
    def files(self) -> tuple[Path, ...]:
        """The files that the image is made of, each once."""
        parts = self.path.values() if isinstance(self.path, Mapping) else (self.path,)
        flat = [file for part in parts for file in (part if isinstance(part, tuple) else (part,))]
        return tuple(dict.fromkeys(f.path if isinstance(f, Variable) else f for f in flat))

    def named(self, name: str) -> ImageSpec:
        """Return the same image with a name for people."""
        return replace(self, name=name)

    def __fspath__(self) -> str:
        """Return the path, so that any library can open the image.

        Raises
        ------
        TypeError
            The image is more than one file.
        """
        if isinstance(self.path, Path | Variable):
            return fspath(self.path)
        raise TypeError(f"{self.name} is an image of {len(self.files)} files")


@dataclass(frozen=True, slots=True, kw_only=True)
class SamplesSpec:
    """Field points that a threshold is calibrated on.

    Attributes
    ----------
    samples
        A vector file, or the points themselves.
    layer
        Needed where the file holds several.
    column
        Says of each point whether it is green.
    objective
        ``f1``: the greatest F1; ``area``: as many points green by the image as on the ground.
    """

    samples: Any
    layer: str | None = None
    column: str = "reference"
    objective: Objective = "f1"


@dataclass(frozen=True, slots=True, kw_only=True)
class VegetationMethod:
    """The ``[vegetation]`` table: how green is told from not green.

    Attributes
    ----------
    classes
        A known table of land cover codes or a TOML file; the image is a class raster then.
    crops
        Whether cropland of a class raster counts as green.
    enclosed_water
        Whether water enclosed by green land counts as covered in what is judged.
    """

    index: str = "ndvi"
    threshold: float | str | SamplesSpec = "otsu"
    source: str = "image"
    classes: str | Path | None = None
    crops: bool = False
    enclosed_water: Literal["exclude", "include"] = "exclude"

    @property
    def how(self) -> dict[str, Any]:
        """What `gs.vegetation` is told.

        Examples
        --------
        >>> VegetationMethod(threshold=0.3).how
        {'index': 'ndvi', 'threshold': 0.3, 'classes': None, 'crops': False}
        """
        return {
            "index": self.index,
            "threshold": self.threshold,
            "classes": self.classes,
            "crops": self.crops,
        }


SUMMER_MONTHS = (6, 7, 8)


@dataclass(frozen=True, slots=True, kw_only=True)
class HeatRecord:
    """The ``[heat]`` table: daily maxima of air temperature, and which summer is asked for.

    Attributes
    ----------
    year
        Whose June to August is asked for; ``None``: the latest with enough days.
    days
        One row a station and day: ``station``, ``zone``, ``date``, ``tmax_c``.
    least_share
        Share of a summer's days that a station must have measured.
    """

    days: pd.DataFrame
    year: int | None = None
    least_share: float = 0.9


@dataclass(frozen=True, slots=True, kw_only=True)
class AccuracyRecord:
    """The ``[accuracy]`` table: what somebody saw on the ground, as points or as a matrix.

    Attributes
    ----------
    points
        Points with a column ``reference``, perhaps ``map``, ``stratum``, ``stratum_area_m2``.
    matrix
        Numbers of points: rows mapped green and not green, columns green and not green in truth.
    areas_m2
        The mapped areas of the rows of `matrix`.
    """

    points: gpd.GeoDataFrame | None = None
    matrix: tuple[tuple[int, int], tuple[int, int]] | None = None
    areas_m2: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """Where the city says that a number it supplies is from.

    Attributes
    ----------
    source, date
        The document or office, and its day; ``None`` where the manifest does not say.
    """

    source: str | None = None
    date: date | None = None

    def __str__(self) -> str:
        """Return both as one phrase.

        Examples
        --------
        >>> str(Provenance(source="统计年鉴 2025"))
        '统计年鉴 2025'
        """
        parts = (self.source, None if self.date is None else self.date.isoformat())
        return ", ".join(part for part in parts if part is not None)


@dataclass(frozen=True, slots=True, kw_only=True)
class City:
    """A city as its manifest describes it.

    Layers are attributes: ``city.parks`` is a GeoDataFrame, or ``None`` where the manifest
    names none (the G1 parcels of ``green`` stand in for a missing parks layer). Mapped columns
    carry the role as name: ``name``, ``class``, ``population``, ...

    Attributes
    ----------
    name, manifest, date
        What the city is called, its ``city.toml``, and the day its data are of.
    standard
        The one that the manifest asks for.
    population_basis
        Whose count `population` is, such as 城区人口; told beside every number a head.
    region, construction_land_per_head_m2
        Facts that thresholds may depend on: ``north`` or ``south``, and m² a head.
    layers
        Vector layers by name.
    heat, accuracy, vegetation_method
        What ``[heat]``, ``[accuracy]`` and ``[vegetation]`` say, read.
    declared, supplied
        Numbers by indicator: what the city says of itself, and what no layer gives.
    baseline, targets
        What the plan sets out from, and what it means to reach by the end of each year.
    report
        What stands in the title block of maps.
    findings
        What was noticed or changed while reading.
    population
        Persons in the built-up area, ``None`` where unknown, or not counted yet.
    population_raster
        A raster of persons a pixel. A check counts them inside the built-up area, and its city
        has the number.
    population_other
        Persons by other counts, by the name of the count: never judged, for the office itself.
    tables
        ``[heat]``, ``[accuracy]``, ``[species]`` and ``[zoning]`` as they are written, with the files found.
    species
        Lists of plants, birds and fish, a row each: ``group``, ``species`` and what is said of it.
    editions
        Edition of the class codes by layer.
    settings
        The other keys of a layer's table, such as ``new_since``.
    images
        Newest first.
    crs
        The measuring CRS that the manifest asks for.
    declared_steps
        The step of the last digit that each declared figure was written with.
    inspections
        Rounds in which communities rated themselves: community, date, rating, by day.
    provenance
        Where supplied numbers are from, as far as the manifest says.
    inputs
        Every file read, with its checksum.
    """

    name: str
    manifest: Path
    date: date | None = None
    standard: str | None = None
    population: float | None = None
    population_raster: Path | None = None
    population_basis: str | None = None
    population_other: Mapping[str, float] = field(default_factory=dict)
    region: str | None = None
    construction_land_per_head_m2: float | None = None
    crs: CRS | None = None
    layers: Mapping[str, gpd.GeoDataFrame] = field(default_factory=dict)
    editions: Mapping[str, str] = field(default_factory=dict)
    settings: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    tables: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    images: tuple[ImageSpec, ...] = ()
    heat: HeatRecord | None = None
    accuracy: AccuracyRecord | None = None
    species: pd.DataFrame | None = None
    inspections: pd.DataFrame | None = None
    vegetation_method: VegetationMethod = field(default_factory=VegetationMethod)
    declared: Mapping[str, float] = field(default_factory=dict)
    declared_steps: Mapping[str, float] = field(default_factory=dict)
    supplied: Mapping[str, float] = field(default_factory=dict)
    provenance: Mapping[str, Provenance] = field(default_factory=dict)
    baseline: Baseline | None = None
    targets: Mapping[int, Mapping[str, float]] = field(default_factory=dict)
    report: Mapping[str, str] = field(default_factory=dict)
    inputs: tuple[Source, ...] = ()
    findings: tuple[Finding, ...] = ()

    @property
    def image(self) -> ImageSpec | None:
        """The newest image."""
        return self.images[0] if self.images else None

    def __getattr__(self, name: str) -> gpd.GeoDataFrame | None:
        """Return the layer of that name, ``None`` where the manifest has none."""
        from greenspace.model.layers import LAYERS

        if name in LAYERS:
            return self.layers.get(name)
        raise AttributeError(f"a City has no {name!r}")

    def sources(self, *roles: str) -> tuple[Source, ...]:
        """Return the inputs of some roles, such as ``"parks"`` or ``"image"``."""
        return tuple(source for source in self.inputs if source.role in roles)

    @property
    def facts(self) -> dict[str, object]:
        """The facts that thresholds may depend on."""
        return {
            "region": self.region,
            "population": self.population,
            "construction_land_per_head_m2": self.construction_land_per_head_m2,
        }
