"""Thresholds: what a caller says of the threshold, and points read onto an image.

Question   By which number, method or points is green told from not green?
Enters     A number, a word, or where sample points are and what they say.
Leaves     One of the three, checked; FieldPoints on the pixels of an image.
Elsewhere  Opening the image: imagery. Finding the number: prepare/otsu, prepare/calibration.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from math import isfinite
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import geopandas as gpd
import numpy as np

from greenspace.errors import InputError
from greenspace.model.city import SamplesSpec
from greenspace.model.source import Source
from greenspace.model.words import Text
from greenspace.prepare.calibration import SAYS_BEST
from greenspace.prepare.field_points import field_points
from greenspace.read.database import is_database, redacted
from greenspace.read.files import sha256_of
from greenspace.read.vector import read_layer

if TYPE_CHECKING:
    from greenspace.model.grid import Grid
    from greenspace.prepare.field_points import FieldPoints


def threshold_of(given: object) -> float | Literal["otsu"] | SamplesSpec:
    """Return a threshold as it was given, once it is known to be one.

    Raises
    ------
    InputError
        It is no number, not ``"otsu"``, and says nothing of sample points.

    Examples
    --------
    >>> threshold_of({"samples": "points.gpkg", "objective": "area"}).column
    'reference'
    """
    if isinstance(given, SamplesSpec):
        return given
    if isinstance(given, Mapping):
        return _samples(given)
    if isinstance(given, str) and given == "otsu":
        return "otsu"
    if isinstance(given, int | float | np.integer | np.floating) and not isinstance(given, bool):
        number = float(given)
        if isfinite(number):
            return number
    raise InputError(
        f"threshold 应为数字、'otsu' 或样本点，而不是 {given!r}。",
        f"threshold should be a number, 'otsu' or sample points, not {given!r}.",
        remedy=Text(
            zh='例如 threshold=0.3，或 threshold={"samples": "points.gpkg"}。',
            en='For example threshold=0.3, or threshold={"samples": "points.gpkg"}.',
        ),
        expected="a number, 'otsu' or sample points",
        found=given,
    )


def _samples(given: Mapping[Any, Any]) -> SamplesSpec:
    known = [field.name for field in fields(SamplesSpec)]
    objective = given.get("objective", "f1")
    sound = isinstance(objective, str) and objective in SAYS_BEST
    if "samples" in given and set(given) <= set(known) and sound:
        return SamplesSpec(**given)
    raise InputError(
        f"样本点应写作 {{'samples': …}}，可加 layer、column、objective，而不是 {list(given)}；"
        f"objective 为 {objective!r}。",
        f"Sample points are {{'samples': ...}}, with layer, column and objective where needed, "
        f"not {list(given)}; objective is {objective!r}.",
        remedy=Text(zh="objective 可为 'f1' 或 'area'。", en="The objective is 'f1' or 'area'."),
        expected=(*known, *SAYS_BEST),
        found=dict(given),
    )


def points_on(spec: SamplesSpec, grid: Grid) -> FieldPoints:
    """Read sample points and bring them onto the grid of an image.

    Raises
    ------
    InputError
        There is no such file, or no points in it.
    CrsError, ColumnError, GeometryError, RasterError
        They cannot serve, as `prepare.field_points.field_points` says.
    """
    place = spec.samples
    if isinstance(place, gpd.GeoDataFrame):
        points, source = place, Source(role="samples", name="samples")
    elif isinstance(place, str | PathLike):
        points = read_layer(place if isinstance(place, str) else Path(place), layer=spec.layer)
        stored = is_database(place)
        name = redacted(str(place)) if stored else Path(place).name
        sha256 = None if stored else sha256_of(Path(place))
        source = Source(role="samples", name=name, layer=spec.layer, sha256=sha256)
    else:
        raise InputError(
            f"samples 应为文件路径或 GeoDataFrame，而不是 {type(place).__name__}。",
            f"samples should be a file or a GeoDataFrame, not {type(place).__name__}.",
            remedy=Text(zh='例如 "points.gpkg"。', en='For example "points.gpkg".'),
            expected="a path or a GeoDataFrame",
            found=type(place).__name__,
        )
    return field_points(points, grid, column=spec.column, objective=spec.objective, source=source)
