"""DataArrays: an xarray DataArray with x and y coordinates, read as an image.

Question   Where do the pixels of this array lie, and which of them are data?
Enters     A DataArray after the conventions of CF and rioxarray; it may be lazy.
Leaves     An origin that computes one window at a time.
Elsewhere  Files: read/origin.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from affine import Affine
from pyproj import CRS
from pyproj.exceptions import CRSError

from greenspace.errors import RasterError
from greenspace.model.crs import parse_crs
from greenspace.model.grid import Grid, Window
from greenspace.model.words import Text
from greenspace.read.blocks import all_data
from greenspace.read.header import Header, Terms, settled_crs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from greenspace.read.header import Reading

UNEVEN = 1e-3
PLANE = 2
X_NAMES = {"x", "lon", "longitude", "easting"}
Y_NAMES = {"y", "lat", "latitude", "northing"}
FILLS = ("_FillValue", "missing_value", "fill_value", "nodata")


@dataclass(frozen=True, slots=True)
class ArrayOrigin:
    """A DataArray with x and y coordinates and a CRS."""

    header: Header
    array: Any

    terms: Terms

    @property
    def parts(self) -> tuple[ArrayOrigin, ...]:
        """The array."""
        return (self,)

    @property
    def bad_tiles(self) -> frozenset[tuple[Grid, Window]]:
        """None: an array has no tiles."""
        return frozenset()

    def with_nodata(self, nodata: float | None) -> ArrayOrigin:
        """Return the same array with another nodata value."""
        return replace(self, terms=replace(self.terms, nodata=nodata))

    def opaque(self, numbers: set[int]) -> ArrayOrigin:
        """Return the same array, which has no alpha."""
        del numbers
        return self

    @contextmanager
    def session(self) -> Iterator[Reading]:
        """Use the array."""
        yield self._read

    def _read(
        self, numbers: tuple[int, ...], window: Window
    ) -> tuple[NDArray[Any], NDArray[np.bool_]]:
        block = self.array.isel(
            {
                self.array.dims[-2]: slice(window.row, window.row + window.height),
                self.array.dims[-1]: slice(window.col, window.col + window.width),
            }
        )
        if block.ndim > PLANE:
            block = block.isel({block.dims[0]: [number - 1 for number in numbers]})
        values = np.asarray(block.values).reshape(len(numbers), window.height, window.width)
        declared = _nodata_of(self.array)
        return values, all_data(
            values, declared if self.terms.nodata is None else self.terms.nodata
        )


def open_array(array: Any, terms: Terms) -> ArrayOrigin:
    """Return the origin of a DataArray.

    Raises
    ------
    RasterError
        Its dimensions or coordinates are no grid, or it has no CRS.
    """
    array = _upright(array)
    return ArrayOrigin(_header_of(array, terms), array, terms)


def _nodata_of(array: Any) -> float | None:
    """Return what the attributes say; what the encoding says is NaN in the values already."""
    for key in FILLS:
        if key in array.attrs:
            return float(array.attrs[key])
    return None


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


def _header_of(array: Any, terms: Terms) -> Header:
    name = str(array.name or "DataArray")
    _require_real(array, name)
    crs, transform = _crs_of(array, name, terms), _transform_of(array, name)
    height, width = (int(size) for size in array.shape[-2:])
    count = int(array.shape[0]) if array.ndim > PLANE else 1
    return Header(
        name,
        Grid(width, height, transform, crs),
        count,
        tuple(_descriptions(array, count)),
        _factors(array, "scale_factor", "scales", count, 1.0),
        _factors(array, "add_offset", "offsets", count, 0.0),
        (str(array.dtype),) * count,
        says_nodata=_nodata_of(array) is not None or array.dtype.kind == "f",
        nodatas=(_nodata_of(array),) * count,
    )


def _require_real(array: Any, name: str) -> None:
    if array.dtype.kind in "iufb":
        return
    raise RasterError(
        f"DataArray 的类型是 {array.dtype}，不是实数。",
        f"The DataArray holds {array.dtype}, not real numbers.",
        file=name,
        found=str(array.dtype),
    )


def _factors(array: Any, one: str, many: str, count: int, default: float) -> tuple[float, ...]:
    """Return what the attributes say that is not applied to the values yet."""
    each = array.attrs.get(many, ())
    if np.size(each) == count:
        return tuple(float(factor) for factor in np.ravel(each))
    return (float(array.attrs.get(one, default)),) * count


def _descriptions(array: Any, count: int) -> list[str | None]:
    long_name = array.attrs.get("long_name")
    if isinstance(long_name, (tuple, list)) and len(long_name) == count:
        return [str(item) for item in long_name]
    if array.ndim > PLANE and array.dims[0] in array.coords:
        named = array.coords[array.dims[0]]
        if named.dtype.kind in "OU":
            return [str(item) for item in named.values]
    return [None] * count


def _crs_of(array: Any, name: str, terms: Terms) -> CRS:
    found = settled_crs(_said_crs(array), terms, name)
    if found is not None:
        return found
    raise RasterError(
        "DataArray 没有坐标系。",
        "The DataArray has no CRS.",
        remedy=Text(
            zh='请用 rioxarray 写入坐标系，或指定 crs="EPSG:…"。',
            en='Write one with rioxarray\'s write_crs, or pass crs="EPSG:…".',
        ),
        file=name,
    )


def _said_crs(array: Any) -> CRS | None:
    mapping = array.encoding.get("grid_mapping", array.attrs.get("grid_mapping"))
    for coordinate in (mapping, "spatial_ref", "crs"):
        if coordinate in array.coords:
            attrs = array.coords[coordinate].attrs
            wkt = attrs.get("crs_wkt") or attrs.get("spatial_ref")
            if wkt:
                return parse_crs(wkt)
            if "grid_mapping_name" in attrs:
                try:
                    return CRS.from_cf(attrs)
                except (CRSError, KeyError, TypeError, ValueError):
                    return None
    return parse_crs(array.attrs["crs"]) if "crs" in array.attrs else None


def _transform_of(array: Any, name: str) -> Affine:
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
