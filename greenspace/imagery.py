"""Imagery: an image opened as vegetation, for scripts and for whole cities alike.

Question   Where is this image green?
Enters     An image and how to read it.
Leaves     A lazy Vegetation, LandCover or GreenShares.
Elsewhere  What share of each zone that is: tally. Opening files: read/raster.
"""

from __future__ import annotations

from dataclasses import replace
from math import isfinite, nan
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from greenspace.errors import InputError, RasterError
from greenspace.model.city import ImageSpec, SamplesSpec
from greenspace.model.crs import parse_crs
from greenspace.model.place import require_image_place
from greenspace.model.words import Text
from greenspace.prepare.indices import require_physical, require_telling, spectral_index
from greenspace.prepare.land_cover import LandCover
from greenspace.prepare.vegetation import GreenShares, Vegetation
from greenspace.read.header import Terms
from greenspace.read.land_cover import read_land_cover
from greenspace.read.raster import NODATA_UNDECLARED, open_image
from greenspace.read.sensors import read_sensor, require_named_files
from greenspace.thresholds import points_on, threshold_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from greenspace.model.land_cover import CoverTable
    from greenspace.read.raster import ImageBands


def vegetation(
    image: Any,
    *,
    classes: Any = None,
    crops: bool = False,
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
) -> Vegetation | LandCover:
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
    classes
        Of a class raster in place of bands: what its codes stand for, ``"esa-worldcover"``,
        ``"dynamic-world"``, a TOML file, or ``{1: "tree", 2: "none", 9: "unseen"}``.
    crops
        Whether cropland of a class raster counts as green.
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
    Vegetation or LandCover
        To be handed to `green_coverage`.

    Raises
    ------
    RasterError
        The image or a band is missing, the index needs reflectance, the threshold lies beyond
        its values, or points lie outside the image or are too few.
    CrsError
        The image has another CRS than the one given, or its place fits it only after a change.
    ColumnError
        The class of a point is missing or not known.
    InputError
        The threshold, scale, offset or nodata is not a number, a file is missing, or an index,
        threshold or scale is given beside classes.
    DefinitionError
        What the classes stand for is not known.

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
    table = None if classes is None else read_land_cover(classes)
    if table is not None:
        _require_alone(index=index, threshold=threshold, sensor=sensor, scale=scale, offset=offset)
    elif crops:
        raise InputError(
            "crops 只用于分类栅格，而没有给出 classes。",
            "crops is of a class raster, and no classes are given.",
            remedy=Text(
                zh='请写明 classes，例如 classes="esa-worldcover"，或去掉 crops。',
                en='Name them, for example classes="esa-worldcover", or leave crops out.',
            ),
            expected="classes",
            found=crops,
        )
    how = threshold_of(threshold)
    if isinstance(how, float):
        require_telling(index, how)
    _require_bad_tile(on_bad_tile)
    _require_numbers(scale=scale, offset=offset, nodata=nodata)
    terms = Terms(
        crs=None if crs is None else parse_crs(crs),
        on_bad_tile=on_bad_tile,
        outside=outside,
    )
    reader = open_image(
        image,
        need=spectral_index(index).bands if table is None else (table.band,),
        bands=bands,
        scale=scale,
        offset=offset,
        nodata=nodata,
        mask=mask,
        sensor=known,
        terms=terms,
    )
    require_image_place(reader.grid.crs, reader.grid.bounds, file=reader.source.name)
    if table is not None:
        return LandCover(_coded(reader, table, said=nodata is not None), table, bool(crops))
    require_physical(index, scaled=reader.scaled)
    if isinstance(how, SamplesSpec):
        return Vegetation(reader, index, points_on(how, reader.grid))
    return Vegetation(reader, index, how)


def _require_alone(**given: object) -> None:
    """Refuse what tells green from bands beside a table that tells it from codes."""
    usual = {"index": "ndvi", "threshold": "otsu"}
    odd = {
        name: value
        for name, value in given.items()
        if value is not None and not (isinstance(value, str) and value == usual.get(name))
    }
    if odd:
        raise InputError(
            f"分类栅格按编码判读，不能同时给出 {'、'.join(odd)}。",
            f"A class raster is read by its codes: {', '.join(odd)} cannot be given beside classes.",
            remedy=Text(zh="请去掉其一。", en="Leave out one or the other."),
            expected="classes alone",
            found=odd,
        )


def _coded(reader: ImageBands, table: CoverTable, *, said: bool) -> ImageBands:
    """Return a reader of codes; where nodata is not said, zeros at the border are codes too.

    Raises
    ------
    RasterError
        The raster declares as nodata what the table gives a meaning.
    """
    origin, number = reader.places[table.band]
    if said:
        return reader
    for part in origin.parts:
        declared = part.header.nodatas[number - 1]
        if declared is None or not float(declared).is_integer():  # NaN and infinity are no codes
            continue
        cover = table.covers.get(int(declared))
        if cover not in (None, "unseen"):
            raise RasterError(
                f"栅格声明 nodata = {declared:g}，而地类表 {table.id} 中它是 {cover}："
                "不知这样的像元是未见，还是该地类。",
                f"The raster declares nodata = {declared:g}, which the table {table.id} calls "
                f"{cover}: whether such pixels are unseen or that is not known.",
                remedy=Text(
                    zh="若是地类，请指定一个不出现的值，如 nodata=255；若是未见，请指定 "
                    f"nodata={declared:g}。",
                    en="Where they are that, pass a value that does not occur, such as "
                    f"nodata=255; where they are unseen, pass nodata={declared:g}.",
                ),
                file=part.header.name,
                expected="a code without a meaning",
                found=declared,
            )
    return reader if origin.header.says_nodata else replace(reader, nodata=nan)


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


def green_shares(
    raster: Any,
    *,
    nodata: float | None = None,
    mask: Any = None,
    crs: Any = None,
    on_bad_tile: Literal["refuse", "unseen"] = "refuse",
) -> GreenShares:
    """Describe a raster of 0/1 or shares; no pixel is read until it is measured.

    Where no nodata is declared, zeros are shares like any other, at the border too.

    Raises
    ------
    RasterError
        The raster has several bands, as an image has; or its nodata value is also a share.
    CrsError
        Its place fits its CRS only after a change.
    """
    _require_numbers(nodata=nodata)
    terms = Terms(
        crs=None if crs is None else parse_crs(crs),
        on_bad_tile=on_bad_tile,
        absent_unseen=False,  # tiles of nothing but 0 are left out by some writers
    )
    reader = open_image(
        raster, need=("green",), bands={"green": 1}, nodata=nodata, mask=mask, terms=terms
    )
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
    if nodata is None:
        _require_no_share(reader)
    if nodata is None and not reader.origins[0].header.says_nodata:
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
