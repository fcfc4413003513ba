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
from greenspace.read.header import Header, Terms, settled_crs, without_blanks

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from contextlib import AbstractContextManager

    from numpy.typing import NDArray

    from greenspace.read.header import Bare, Reading

UNEVEN = 1e-3
PART = 0.01
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
    def parallel(self) -> bool:
        """No: what computes a lazy array is the caller's."""
        return False

    @property
    def bad_tiles(self) -> frozenset[tuple[Grid, Window]]:
        """None: an array has no tiles."""
        return frozenset()

    @property
    def absent_tiles(self) -> frozenset[tuple[Grid, Window]]:
        """None: an array has no tiles."""
        return frozenset()

    def note_tiles(self, bad: Iterable[Window], absent: Iterable[Window]) -> None:
        """Do nothing: an array has no tiles."""

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

    def bare(self) -> AbstractContextManager[Bare]:
        """Use the array."""
        return without_blanks(self.session())

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
        given = self.terms.nodata
        data = all_data(values, given)
        for fill in _fills_of(self.array, self.header.name) if given is None else ():
            data &= all_data(values, fill)
        return values, data


def open_array(array: Any, terms: Terms) -> ArrayOrigin:
    """Return the origin of a DataArray.

    Raises
    ------
    RasterError
        Its dimensions or coordinates are no grid, it has no CRS, or an attribute that says
        what its numbers mean is no number.
    """
    array = _upright(array)
    return ArrayOrigin(_header_of(array, terms), array, terms)


def _fills_of(array: Any, name: str) -> tuple[float, ...]:
    """Return what the attributes say; what the encoding says is NaN in the values already."""
    return tuple(_number(array.attrs[key], key, name) for key in FILLS if key in array.attrs)


def _number(given: Any, key: str, name: str) -> float:
    """Return an attribute as the one number that it should be."""
    one = np.asarray(given)
    if one.size == 1 and one.dtype.kind in "iuf":
        return float(one.item())
    raise RasterError(
        f"DataArray 的属性 {key} 应为一个数，而不是 {given!r}。",
        f"The attribute {key} of the DataArray should be one number, not {given!r}.",
        remedy=Text(
            zh=f"请改正或删去：array.attrs.pop({key!r})。",
            en=f"Correct it, or take it away: array.attrs.pop({key!r}).",
        ),
        file=name,
        expected="a number",
        found=given,
    )


def _upright(array: Any) -> Any:
    """Return a DataArray whose last two dimensions are y and x, in this order."""
    dims = tuple(str(dim).lower() for dim in array.dims)
    if len(dims) not in (PLANE, PLANE + 1):
        raise RasterError(
            f"DataArray 应有 (y, x) 或 (band, y, x) 维，而不是 {dims}。",
            f"A DataArray should have the dimensions (y, x) or (band, y, x), not {dims}.",
            remedy=Text(
                zh="请选出一景，例如 array.isel(time=0)。",
                en="Pick one image, for example array.isel(time=0).",
            ),
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
    fills = _fills_of(array, name)
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
        says_nodata=bool(fills) or array.dtype.kind == "f",
        nodatas=(next(iter(fills), None),) * count,
    )


def _require_real(array: Any, name: str) -> None:
    if array.dtype.kind in "iufb":
        return
    raise RasterError(
        f"DataArray 的类型是 {array.dtype}，不是实数。",
        f"The DataArray holds {array.dtype}, not real numbers.",
        remedy=Text(zh="请提供反射率或像元值。", en="Give reflectance or digital numbers."),
        file=name,
        found=str(array.dtype),
    )


def _factors(array: Any, one: str, many: str, count: int, default: float) -> tuple[float, ...]:
    """Return what the attributes say that is not applied to the values yet."""
    name, each = str(array.name or "DataArray"), np.ravel(array.attrs.get(many, ()))
    if len(set(each.tolist())) == 1:
        return (_number(each[0], many, name),) * count
    if each.size == count:
        return tuple(_number(factor, many, name) for factor in each)
    if each.size:
        raise RasterError(
            f"DataArray 有 {count} 个波段，属性 {many} 却有 {each.size} 个数。",
            f"The DataArray has {count} bands, and its attribute {many} has {each.size} numbers.",
            remedy=Text(
                zh=f"请改正或删去：array.attrs.pop({many!r})。",
                en=f"Correct it, or take it away: array.attrs.pop({many!r}).",
            ),
            file=name,
            expected=count,
            found=each.size,
        )
    return (_number(array.attrs.get(one, default), one, name),) * count


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


def _grid_mappings(array: Any) -> Iterator[dict[str, Any]]:
    """Yield the attributes of the coordinates that may say where the array lies."""
    mapping = array.encoding.get("grid_mapping", array.attrs.get("grid_mapping"))
    if not isinstance(mapping, str | None):
        raise RasterError(
            f"DataArray 的 grid_mapping 应为坐标名，而不是 {mapping!r}。",
            f"grid_mapping of the DataArray should be the name of a coordinate, not {mapping!r}.",
            remedy=Text(
                zh="请用 rioxarray 的 write_crs 重新写入坐标系。",
                en="Write the CRS again with rioxarray's write_crs.",
            ),
            file=str(array.name or "DataArray"),
            found=mapping,
        )
    for coordinate in dict.fromkeys((mapping, "spatial_ref", "crs")):
        if coordinate in array.coords:
            yield array.coords[coordinate].attrs


def _said_crs(array: Any) -> CRS | None:
    for attrs in _grid_mappings(array):
        texts = (str(attrs[key]) for key in ("crs_wkt", "spatial_ref") if key in attrs)
        wkt = next(filter(None, texts), "")
        if wkt:
            return parse_crs(wkt)
        if "grid_mapping_name" in attrs:
            try:
                return CRS.from_cf(attrs)
            except (CRSError, KeyError, TypeError, ValueError):
                return None
    said = array.attrs.get("crs")
    return None if said is None else parse_crs(str(said) if isinstance(said, np.ndarray) else said)


def _transform_of(array: Any, name: str) -> Affine:
    y_name, x_name = array.dims[-2:]
    steps = []
    for axis in (x_name, y_name):
        known = np.asarray(array.coords[axis].values if axis in array.coords else ())
        numbers = known.dtype.kind in "iuf"
        centres = known.astype(float) if numbers else np.empty(0)
        gaps = np.diff(centres)
        even = len(gaps) > 0 and np.abs(gaps - gaps.mean()).max() < UNEVEN * abs(gaps.mean())
        if not even:
            raise RasterError(
                f"DataArray 的 {axis} 坐标不是等间距的数。",
                f"The {axis} coordinates of the DataArray are not evenly spaced numbers.",
                remedy=Text(
                    zh="请给出像元中心的坐标，或先重采样到规则格网。",
                    en="Give the coordinates of pixel centres, or resample to an even grid.",
                ),
                file=name,
                found=str(known.dtype),
            )
        steps.append((float(centres[0]), float(gaps.mean())))
    (x, dx), (y, dy) = steps
    transform = Affine(dx, 0.0, x - dx / 2, 0.0, dy, y - dy / 2)
    for attrs in _grid_mappings(array):
        if "GeoTransform" in attrs:
            _require_agreement(transform, str(attrs["GeoTransform"]), name)
    return transform


def _require_agreement(transform: Affine, said: str, name: str) -> None:
    """Refuse coordinates that are no part of the grid that a GeoTransform says.

    A slice keeps the GeoTransform of the whole, so its coordinates may begin further in, run the
    other way, or leave pixels out.
    """
    try:
        west, dx, turn, north, tilt, dy = (float(word) for word in said.split())
        inside = turn == tilt == 0 and all(
            _is_part(first, step, its_first, its_step)
            for first, step, its_first, its_step in (
                (transform.c, transform.a, west, dx),
                (transform.f, transform.e, north, dy),
            )
        )
    except (ValueError, ZeroDivisionError, OverflowError):
        inside = False
    if not inside:
        raise RasterError(
            f"DataArray 的坐标与其 GeoTransform（{said}）不符。",
            f"The coordinates of the DataArray do not fit its GeoTransform ({said}).",
            remedy=Text(
                zh="坐标应为像元中心；坐标无误时，请用 rioxarray 的 "
                "write_transform(array.rio.transform(recalc=True)) 重写。",
                en="Coordinates are pixel centres; where they are right, write it again with "
                "rioxarray's write_transform(array.rio.transform(recalc=True)).",
            ),
            file=name,
            expected=said,
            found=tuple(transform)[:6],
        )


def _is_part(first: float, step: float, its_first: float, its_step: float) -> bool:
    """Return whether pixels lie on those of another grid, or on whole numbers of them.

    Examples
    --------
    >>> _is_part(20.0, 10.0, 0.0, 10.0), _is_part(5.0, 10.0, 0.0, 10.0)
    (True, False)
    """
    wide, begin = step / its_step, (first - its_first) / its_step
    parts = 1 if round(abs(wide)) == 1 else 2
    off = max(abs(wide - round(wide)), abs(begin * parts - round(begin * parts)))
    least = max(0.0, -wide) - (abs(wide) - 1) / 2
    return bool(round(wide)) and off < PART and begin > least - PART
