"""Origins: the kinds of thing an image can come as, behind one door.

Question   How are the pixels of a path, an open dataset or a DataArray read by windows?
Enters     What the user handed over as an image.
Leaves     Origins: a grid, what is said of nodata, and a session that reads windows.
Elsewhere  Bands, scale and masks: read/raster.
"""

from __future__ import annotations

import warnings
from contextlib import contextmanager
from dataclasses import dataclass
from os import PathLike, fspath
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import rasterio
from affine import Affine
from pyproj import CRS
from rasterio.enums import ColorInterp, MaskFlags
from rasterio.errors import NotGeoreferencedWarning, RasterioError
from rasterio.windows import Window as RasterioWindow

from greenspace.errors import RasterError
from greenspace.model.crs import parse_crs
from greenspace.model.grid import Grid, Window
from greenspace.model.words import Text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

    from numpy.typing import NDArray

    Reading = Callable[[int, Window], tuple[NDArray[Any], NDArray[np.bool_]]]

UNEVEN = 1e-3
PLANE = 2
X_NAMES = {"x", "lon", "longitude", "easting"}
Y_NAMES = {"y", "lat", "latitude", "northing"}


class Origin(Protocol):
    """One image and how to read windows of its bands, which are numbered from 1."""

    @property
    def header(self) -> Header:
        """What the image says of itself."""

    def session(self) -> AbstractContextManager[Reading]:
        """Open the image; a reading returns values and which of them are data."""


@dataclass(frozen=True, slots=True)
class Header:
    """What an image says of itself.

    ``alpha`` is the band that its mask comes from, if one is; ``masked`` tells that a mask,
    not only a nodata value, says what is data.
    """

    name: str
    grid: Grid
    count: int
    descriptions: tuple[str | None, ...]
    scales: tuple[float, ...]
    offsets: tuple[float, ...]
    dtypes: tuple[str, ...]
    says_nodata: bool
    alpha: int | None = None
    masked: bool = False


def open_origin(image: Any) -> Origin:
    """Return the origin of a path, a URL, an open rasterio dataset or a DataArray.

    Raises
    ------
    RasterError
        The image cannot be opened, or has no place on the ground.
    """
    if hasattr(image, "isel") and not hasattr(image, "data_vars"):
        image = _upright(image)
        return ArrayOrigin(_array_header(image), image)
    is_open = hasattr(image, "read_masks")
    path = str(image.name) if is_open else _path_of(image)
    try:
        if is_open:
            return DatasetOrigin(_header(image, path), image)
        with _opened(path) as dataset:
            return FileOrigin(_header(dataset, path), path)
    except RasterioError as error:
        raise RasterError(
            f"不能作为影像打开：{error}。",
            f"It cannot be opened as an image: {error}.",
            remedy=Text(zh="请核对路径和文件。", en="Check the path and the file."),
            file=path,
        ) from error


def _path_of(image: Any) -> str:
    if isinstance(image, str | PathLike):
        return str(fspath(image))
    kind = type(image).__name__
    raise RasterError(
        f"影像应为路径、网址、打开的 rasterio 数据集或 DataArray，而不是 {kind}。",
        "An image is a path, a URL, an open rasterio dataset or a DataArray, "
        f"not a thing of type {kind}.",
        expected="a path, a dataset or a DataArray",
        found=kind,
    )


@dataclass(frozen=True, slots=True)
class FileOrigin:
    """A path or URL, opened anew for each session."""

    header: Header
    path: str

    @contextmanager
    def session(self) -> Iterator[Reading]:
        """Open the file for one pass."""
        with _opened(self.path) as dataset:
            yield lambda number, window: _read(dataset, self.header, number, window)


@dataclass(frozen=True, slots=True)
class DatasetOrigin:
    """A dataset that the caller opened and will close."""

    header: Header
    dataset: Any

    @contextmanager
    def session(self) -> Iterator[Reading]:
        """Use the open dataset."""
        yield lambda number, window: _read(self.dataset, self.header, number, window)


@dataclass(frozen=True, slots=True)
class ArrayOrigin:
    """A DataArray with x and y coordinates and a CRS."""

    header: Header
    array: Any

    @contextmanager
    def session(self) -> Iterator[Reading]:
        """Use the array."""
        yield self._read

    def _read(self, number: int, window: Window) -> tuple[NDArray[Any], NDArray[np.bool_]]:
        block = self.array.isel(
            {
                self.array.dims[-2]: slice(window.row, window.row + window.height),
                self.array.dims[-1]: slice(window.col, window.col + window.width),
            }
        )
        if block.ndim > PLANE:
            block = block.isel({block.dims[0]: number - 1})
        values = np.asarray(block.values)
        data = _finite(values)
        nodata = _array_nodata(self.array)
        if nodata is not None:
            data &= values != nodata
        return values, data


@contextmanager
def _opened(path: str) -> Iterator[Any]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", NotGeoreferencedWarning)
        dataset = rasterio.open(path)
    with dataset:
        yield dataset


def _header(dataset: Any, name: str) -> Header:
    if dataset.transform.is_identity:
        raise _no_place(name)
    high, wide = dataset.block_shapes[0]
    crs = None if dataset.crs is None else CRS.from_user_input(dataset.crs)
    grid = Grid(dataset.width, dataset.height, dataset.transform, crs, high, wide)
    flags = [MaskFlags.all_valid in band for band in dataset.mask_flag_enums]
    return Header(
        name,
        grid,
        dataset.count,
        tuple(dataset.descriptions),
        tuple(dataset.scales),
        tuple(dataset.offsets),
        tuple(dataset.dtypes),
        says_nodata=not all(flags),
        alpha=_alpha_band(dataset),
        masked=any(MaskFlags.per_dataset in band for band in dataset.mask_flag_enums),
    )


def _alpha_band(dataset: Any) -> int | None:
    if not any(MaskFlags.alpha in band for band in dataset.mask_flag_enums):
        return None
    return int(dataset.colorinterp.index(ColorInterp.alpha)) + 1


def _no_place(name: str) -> RasterError:
    return RasterError(
        "影像没有地理参考（没有仿射变换，不知像元位于何处）。",
        "The image has no georeference: no transform says where its pixels lie.",
        remedy=Text(zh="请先做几何校正。", en="Georeference it first."),
        file=name,
    )


def _read(
    dataset: Any, header: Header, number: int, window: Window
) -> tuple[NDArray[Any], NDArray[np.bool_]]:
    place = RasterioWindow(window.col, window.row, window.width, window.height)
    try:
        values = dataset.read(number, window=place)
        data = _finite(values)
        if header.says_nodata:
            data &= dataset.read_masks(number, window=place) != 0
    except RasterioError as error:
        last_row, last_col = window.row + window.height, window.col + window.width
        raise RasterError(
            f"第 {number} 波段第 {window.row}–{last_row} 行、"
            f"第 {window.col}–{last_col} 列无法解码：{error}。",
            f"Band {number} cannot be decoded in rows {window.row}-{last_row}, "
            f"columns {window.col}-{last_col}: {error}.",
            remedy=Text(zh="请重新取得该影像。", en="Get a whole copy of the image."),
            file=header.name,
            found=window,
        ) from error
    return values, data


def _finite(values: NDArray[Any]) -> NDArray[np.bool_]:
    if np.issubdtype(values.dtype, np.floating):
        finite: NDArray[np.bool_] = np.isfinite(values)
        return finite
    return np.ones(values.shape, dtype=bool)


def _array_nodata(array: Any) -> float | None:
    value = array.attrs.get("_FillValue", array.encoding.get("_FillValue"))
    return None if value is None else float(value)


def _upright(array: Any) -> Any:
    """Return a DataArray whose last two dimensions are y and x, in this order."""
    dims = tuple(str(dim).lower() for dim in array.dims)
    if len(dims) not in (PLANE, PLANE + 1):
        raise RasterError(
            f"DataArray 应有 (y, x) 或 (band, y, x) 维，而不是 {dims}。",
            f"A DataArray should have the dimensions (y, x) or (band, y, x), not {dims}.",
            expected=("band", "y", "x"),
            found=dims,
        )
    across = [i for i, dim in enumerate(dims) if dim in X_NAMES]
    along = [i for i, dim in enumerate(dims) if dim in Y_NAMES]
    if len(across) != 1 or len(along) != 1:
        return array
    order = (*(set(range(len(dims))) - {across[0], along[0]}), along[0], across[0])
    return array.transpose(*(array.dims[i] for i in order))


def _array_header(array: Any) -> Header:
    name = str(array.name or "DataArray")
    crs, transform = _array_crs(array, name), _array_transform(array, name)
    height, width = (int(size) for size in array.shape[-2:])
    count = int(array.shape[0]) if array.ndim > PLANE else 1
    return Header(
        name,
        Grid(width, height, transform, crs),
        count,
        tuple(_array_descriptions(array, count)),
        _array_factors(array, "scale_factor", "scales", count, 1.0),
        _array_factors(array, "add_offset", "offsets", count, 0.0),
        (str(array.dtype),) * count,
        says_nodata=_array_nodata(array) is not None or array.dtype.kind == "f",
    )


def _array_factors(
    array: Any, one: str, many: str, count: int, default: float
) -> tuple[float, ...]:
    """Return what the attributes say that is not applied to the values yet."""
    each = array.attrs.get(many, ())
    if np.size(each) == count:
        return tuple(float(factor) for factor in np.ravel(each))
    return (float(array.attrs.get(one, default)),) * count


def _array_descriptions(array: Any, count: int) -> list[str | None]:
    long_name = array.attrs.get("long_name")
    if isinstance(long_name, (tuple, list)) and len(long_name) == count:
        return [str(item) for item in long_name]
    return [None] * count


def _array_crs(array: Any, name: str) -> CRS | None:
    for coordinate in ("spatial_ref", "crs"):
        if coordinate in array.coords:
            attrs = array.coords[coordinate].attrs
            wkt = attrs.get("crs_wkt") or attrs.get("spatial_ref")
            if wkt:
                return parse_crs(wkt)
    if "crs" in array.attrs:
        return parse_crs(array.attrs["crs"])
    raise RasterError(
        "DataArray 没有坐标系。",
        "The DataArray has no CRS.",
        remedy=Text(zh="请用 rioxarray 写入坐标系。", en="Write one with rioxarray's write_crs."),
        file=name,
    )


def _array_transform(array: Any, name: str) -> Affine:
    y_name, x_name = array.dims[-2:]
    steps = []
    for axis in (x_name, y_name):
        known = array.coords[axis].values if axis in array.coords else ()
        centres = np.asarray(known, dtype=float)
        gaps = np.diff(centres)
        even = len(gaps) > 0 and np.abs(gaps - gaps.mean()).max() < UNEVEN * abs(gaps.mean())
        if not even:
            raise RasterError(
                f"DataArray 的 {axis} 坐标不是等间距的。",
                f"The {axis} coordinates of the DataArray are not evenly spaced.",
                file=name,
            )
        steps.append((float(centres[0]), float(gaps.mean())))
    (x, dx), (y, dy) = steps
    return Affine(dx, 0.0, x - dx / 2, 0.0, dy, y - dy / 2)
