"""Imagery: an image opened as vegetation, for scripts and for whole cities alike.

Question   Where is this image green?
Enters     An image and how to read it.
Leaves     A lazy Vegetation, or lazy GreenShares.
Elsewhere  What share of each zone that is: tally. Opening files: read/raster.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from math import isfinite, nan
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import geopandas as gpd
import numpy as np

from greenspace.errors import InputError, RasterError
from greenspace.model.city import ImageSpec, SamplesSpec
from greenspace.model.crs import parse_crs
from greenspace.model.place import require_image_place
from greenspace.model.source import Source
from greenspace.model.words import Text
from greenspace.prepare.calibration import SAYS_BEST
from greenspace.prepare.field_points import field_points
from greenspace.prepare.indices import require_physical, spectral_index
from greenspace.prepare.vegetation import GreenShares, Vegetation
from greenspace.read.database import is_database, redacted
from greenspace.read.files import sha256_of
from greenspace.read.header import Terms
from greenspace.read.raster import NODATA_UNDECLARED, open_image
from greenspace.read.sensors import read_sensor, require_named_files
from greenspace.read.vector import read_layer

if TYPE_CHECKING:
    from greenspace.model.grid import Grid
    from greenspace.prepare.field_points import FieldPoints
    from greenspace.read.raster import ImageBands


def vegetation(
    image: Any,
    *,
    index: str = "ndvi",
    threshold: float | Literal["otsu"] | Mapping[str, Any] | SamplesSpec = "otsu",
    sensor: str | None = None,
    bands: Mapping[str, int] | None = None,
    scale: float | None = None,
    offset: float | None = None,
    nodata: float | None = None,
    mask: Any = None,
    crs: Any = None,
    on_bad_tile: Literal["refuse", "unseen"] = "refuse",
) -> Vegetation:
    """Describe where an image is green; no pixel is read until it is measured.

    Green is ``index > threshold``, strictly, in float64. An undefined index (0/0, or for
    ``ndvi`` and ``exg`` a band below 0), nodata in a band used, and masked pixels are unseen:
    neither green nor not green.

    Parameters
    ----------
    image
        A path, a URL that GDAL opens, an open rasterio dataset, an xarray DataArray with a
        CRS, ``city.image``, ``{"red": path, "nir": path}``, or a list: many files of one
        image. Where they overlap, the first of the list that shows a pixel wins.
    index
        ``ndvi``, ``evi``, ``savi`` or ``exg``.
    threshold
        A number; ``"otsu"``: found on the whole image's histogram, refused where it has no
        valley; or ``{"samples": "points.gpkg"}``: calibrated on points (a file, with its
        ``"layer"``, or a GeoDataFrame) whose ``"column"`` (else ``reference``) says
        ``green`` or ``not_green``, for the best ``"objective"``: ``"f1"`` or ``"area"``.
    sensor
        A file of definitions/sensors: its bands, and its scale, offset and nodata where neither
        the user nor the image gives them; ``"sentinel2-l2a:05.10"`` names the baseline too.
    bands
        Band name to number, counted from 1, such as ``{"red": 3, "nir": 4}``.
    scale, offset
        ``value = number * scale + offset``; EVI and SAVI demand both, and so does an image or
        a sensor that has its own.
    nodata
        Overrides what the image declares.
    mask
        A raster of the same grid whose **non-zero** pixels are unseen (cloud, shadow); a
        mapping that says which of its numbers are, such as
        ``{"path": "SCL.tif", "codes": "sentinel2-scl"}``, ``"values": [3, 8]`` or
        ``"bits": [3, 4]``; or a GeoDataFrame of polygons that hide what they touch.
    crs
        Used where the image has none; refused where it contradicts the image.
    on_bad_tile
        ``"refuse"`` an image with a tile that cannot be decoded, or count the tile as
        ``"unseen"``, with a finding.

    Returns
    -------
    Vegetation
        To be handed to `green_coverage`.

    Raises
    ------
    RasterError
        The image or a band is missing, the index needs reflectance, or points lie outside the
        image or are too few.
    CrsError
        The image has another CRS than the one given, or its place fits it only after a change.
    ColumnError
        The class of a point is missing or not known.
    InputError
        The threshold, scale, offset or nodata is not a number, or a file is missing.

    References
    ----------
    docs/explanation/what_counts_as_green.md

    Examples
    --------
    >>> vegetation("missing.tif", bands={"red": 3, "nir": 4})
    Traceback (most recent call last):
    greenspace.errors.RasterError: It cannot be opened as an image: ...
    """
    outside = False
    if isinstance(image, ImageSpec):
        spec, image = image, image.path
        crs = spec.crs if crs is None else crs
        on_bad_tile = spec.on_bad_tile if on_bad_tile == "refuse" else on_bad_tile
        outside = spec.allow_outside
        if sensor is None and bands is None:
            sensor, bands = spec.sensor, spec.bands
        scale = spec.scale if scale is None else scale
        offset = spec.offset if offset is None else offset
        nodata = spec.nodata if nodata is None else nodata
        mask = spec.mask if mask is None else mask
    known = None if sensor is None else read_sensor(sensor)
    if known is not None:
        require_named_files(image, known)
    need = spectral_index(index).bands
    how = _threshold(threshold)
    _require_bad_tile(on_bad_tile)
    _require_numbers(scale=scale, offset=offset, nodata=nodata)
    terms = Terms(
        crs=None if crs is None else parse_crs(crs),
        on_bad_tile=on_bad_tile,
        outside=outside,
    )
    reader = open_image(
        image,
        need=need,
        bands=bands,
        scale=scale,
        offset=offset,
        nodata=nodata,
        mask=mask,
        sensor=known,
        terms=terms,
    )
    require_physical(index, scaled=reader.scaled)
    require_image_place(reader.grid.crs, reader.grid.bounds, file=reader.source.name)
    if isinstance(how, SamplesSpec):
        return Vegetation(reader, index, _points(how, reader.grid))
    return Vegetation(reader, index, how)


def _require_bad_tile(word: str) -> None:
    if isinstance(word, str) and word in {"refuse", "unseen"}:
        return
    raise InputError(
        f"on_bad_tile 应为 'refuse' 或 'unseen'，而不是 {word!r}。",
        f"on_bad_tile should be 'refuse' or 'unseen', not {word!r}.",
        remedy=Text(
            zh="refuse 遇坏图块即停；unseen 把坏图块计为未见。",
            en="'refuse' stops at a tile that cannot be decoded, 'unseen' counts it as unseen.",
        ),
        expected=("refuse", "unseen"),
        found=word,
    )


def _threshold(given: object) -> float | Literal["otsu"] | SamplesSpec:
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


def _points(spec: SamplesSpec, grid: Grid) -> FieldPoints:
    """Read sample points and bring them onto the grid of an image."""
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


def _require_numbers(**given: object) -> None:
    for name, value in given.items():
        number = isinstance(value, int | float | np.number) and not isinstance(value, bool)
        sound = number and (name == "nodata" or isfinite(float(str(value))))
        if value is not None and (not sound or (name == "scale" and value == 0)):
            raise InputError(
                f"{name} 应为数字（scale 不为零），而不是 {value!r}。",
                f"{name} should be a number (and scale not zero), not {value!r}.",
                remedy=Text(
                    zh="例如 scale=0.0001, offset=0, nodata=0。",
                    en="For example scale=0.0001, offset=0, nodata=0.",
                ),
                expected="a number",
                found=value,
            )


def green_shares(raster: Any) -> GreenShares:
    """Describe a raster of 0/1 or shares; no pixel is read until it is measured.

    Where the raster declares no nodata, zeros are shares like any other, at its border too.

    Raises
    ------
    RasterError
        The raster has several bands, as an image has; or its nodata value is also a share.
    CrsError
        Its place fits its CRS only after a change.
    """
    terms = Terms(absent_unseen=False)  # tiles of nothing but 0 are left out by some writers
    reader = open_image(raster, need=("green",), bands={"green": 1}, terms=terms)
    count = reader.origins[0].header.count
    if count > 1:
        raise RasterError(
            f"栅格有 {count} 个波段；0/1 或比例栅格只有一个。",
            f"The raster has {count} bands; one of 0/1 or shares has one.",
            remedy=Text(
                zh="影像请先用 gs.vegetation 说明如何判读。",
                en="Say with gs.vegetation how to read an image.",
            ),
            file=reader.source.name,
            expected=1,
            found=count,
        )
    _require_no_share(reader)
    if not reader.origins[0].header.says_nodata:
        reader = replace(reader, nodata=nan, remarks=(*reader.remarks, NODATA_UNDECLARED))
    require_image_place(reader.grid.crs, reader.grid.bounds, file=reader.source.name)
    return GreenShares(reader)


def _require_no_share(reader: ImageBands) -> None:
    """Refuse nodata that means wholly green or not green at all: every such pixel would be lost."""
    for part in reader.origins[0].parts:
        header = part.header
        declared = header.nodatas[0]
        if declared is None or declared * header.scales[0] + header.offsets[0] not in (0, 1):
            continue
        raise RasterError(
            f"栅格声明 nodata = {declared:g}，而它也是 0/1 或比例栅格的取值："
            "不知这样的像元是未见，还是不绿或全绿。",
            f"The raster declares nodata = {declared:g}, which is also a share: whether such "
            "pixels are unseen or not is not known.",
            remedy=Text(
                zh="若 0 和 1 都是数值，请去掉 nodata 标记（gdal_edit.py -unsetnodata）；"
                "若确有未见的像元，请改用别的值，例如 255。",
                en="Where 0 and 1 are both values, clear it (gdal_edit.py -unsetnodata); where "
                "pixels are unseen, give them another value, such as 255.",
            ),
            file=header.name,
            expected="a value other than 0 and 1",
            found=declared,
        )
