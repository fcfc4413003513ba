"""Blocks: windows of an open dataset, and its tiles that cannot be decoded.

Question   What do these pixels hold, and which tile of the file is broken?
Enters     An open dataset, band numbers and a window.
Leaves     Values and where all bands are data; or a refusal that names the tile.
Elsewhere  Opening datasets: read/image_path. Kinds of image: read/origin.
"""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from rasterio.errors import NodataShadowWarning, RasterioError
from rasterio.windows import Window as RasterioWindow

from greenspace.errors import RasterError
from greenspace.model.grid import Window, shown_by_numbers
from greenspace.model.words import Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from greenspace.read.header import Header, Terms

    Pixels = tuple[NDArray[Any], NDArray[np.bool_]]
    Met = tuple[set[Window], set[Window]]

COMPARED = {"uint8", "int8", "uint16", "int16", "uint32", "int32", "float32", "float64"}


def blanks_of(header: Header, terms: Terms, numbers: tuple[int, ...]) -> tuple[float, ...] | None:
    """Return the number of each band that alone says where it is unseen, NaN where none does.

    ``None`` where comparing numbers is not all: beside a mask or an alpha band, and where GDAL
    takes numbers near a declared one for nodata too, as it does with floats.
    """
    if header.alpha or not set(header.masked).isdisjoint(numbers) or header.dtype not in COMPARED:
        return None
    kind = np.dtype(header.dtype).type
    if terms.nodata is not None:
        with np.errstate(over="ignore"):
            exact = kind(terms.nodata) if issubclass(kind, np.floating) else terms.nodata
        return (float(exact),) * len(numbers)
    said = [header.nodatas[number - 1] for number in numbers]
    blanks = tuple(np.nan if value is None else float(value) for value in said)
    whole = issubclass(kind, np.integer) or bool(np.isnan(blanks).all())
    return blanks if whole else None


def read_window(
    dataset: Any,
    header: Header,
    terms: Terms,
    met: Met,
    numbers: tuple[int, ...],
    window: Window,
) -> Pixels:
    """Return values band by band, and where all bands are data.

    A window that cannot be decoded is read again tile by tile; where the terms allow it, tiles
    that cannot be decoded are left out. They are remembered in the first set of `met`, tiles
    that the file leaves out in the second.

    Raises
    ------
    RasterError
        A tile cannot be decoded: names band, rows and columns.
    """
    try:
        values, data = _decoded(dataset, header, terms, numbers, window)
    except RasterioError as error:
        values, data = _by_tiles(dataset, header, terms, met[0], numbers, window, error)
    for block in _left_out(dataset, terms, met[1], numbers, window):
        data[_place(_common(block, window), window)] = False
    return values, data


def read_bare(
    dataset: Any,
    header: Header,
    terms: Terms,
    met: Met,
    numbers: tuple[int, ...],
    window: Window,
    out: NDArray[Any],
) -> tuple[NDArray[Any], NDArray[np.bool_] | None]:
    """Return values as `read_window` does, and what else than `blanks_of` hides pixels.

    None where nothing does, as in most windows. The values are read into `out`.
    """
    data = None
    try:
        values = _values(dataset, header, numbers, _shaped(window), out)
    except RasterioError as error:
        values, data = _by_tiles(dataset, header, terms, met[0], numbers, window, error)
    for block in _left_out(dataset, terms, met[1], numbers, window):
        data = np.ones(values.shape[1:], dtype=bool) if data is None else data
        data[_place(_common(block, window), window)] = False
    return values, data


def _left_out(
    dataset: Any, terms: Terms, absent: set[Window], numbers: tuple[int, ...], window: Window
) -> Iterator[Window]:
    if terms.absent_unseen:
        for block in absent_blocks(dataset, numbers, window):
            absent.add(block)
            yield block


def _place(part: Window, window: Window) -> tuple[slice, slice]:
    row, col = part.row - window.row, part.col - window.col
    return np.s_[row : row + part.height, col : col + part.width]


def _by_tiles(
    dataset: Any,
    header: Header,
    terms: Terms,
    bad: set[Window],
    numbers: tuple[int, ...],
    window: Window,
    error: RasterioError,
) -> Pixels:
    """Read a window that failed tile by tile, to tell which tiles are broken."""
    if dataset.closed:
        raise _refusal(header, numbers[0], window, error) from error
    values = np.zeros((len(numbers), window.height, window.width), dtype=header.dtype)
    data = np.zeros((window.height, window.width), dtype=bool)
    for block in _blocks(dataset, numbers, window):
        part = _common(block, window)
        try:
            inner, shown = _decoded(dataset, header, terms, numbers, part)
        except RasterioError as cause:
            if terms.on_bad_tile == "refuse" or _is_gone(dataset):
                number = _bad_band(dataset, header, terms, numbers, part)
                raise _refusal(header, number, block, cause) from cause
            bad.add(block)
            continue
        place = _place(part, window)
        values[(slice(None), *place)] = inner
        data[place] = shown
    return values, data


def absent_blocks(dataset: Any, numbers: tuple[int, ...], window: Window) -> Iterator[Window]:
    """Yield the tiles of a window that a GeoTIFF leaves out in some band, which GDAL fills.

    Tiles one row high are passed over: GDAL shows a single large strip as such.
    """
    high, wide = dataset.block_shapes[numbers[0] - 1]
    if dataset.driver != "GTiff" or dataset.mode != "r" or high == 1:
        return
    for block in _blocks(dataset, numbers, window):
        offset = f"BLOCK_OFFSET_{block.col // wide}_{block.row // high}"
        if any(dataset.get_tag_item(offset, "TIFF", bidx=n) is None for n in numbers):
            yield block


def _decoded(
    dataset: Any, header: Header, terms: Terms, numbers: tuple[int, ...], window: Window
) -> Pixels:
    place = _shaped(window)
    values = _values(dataset, header, numbers, place)
    blanks = blanks_of(header, terms, numbers)
    if blanks is not None:
        return values, shown_by_numbers(values, blanks)
    data = all_data(values, terms.nodata)
    for plane, number in zip(values, numbers, strict=True):
        said = header.nodatas[number - 1] if terms.nodata is None else None
        if number in header.masked or said is not None:
            data &= _mask(dataset, number, place) != 0
        if number in header.masked and said is not None:  # which GDAL passes over beside a mask
            data &= all_data(plane[None], said)
    for number in header.alpha:
        data &= dataset.read(number, window=place) != 0
    return values, data


def _shaped(window: Window) -> RasterioWindow:
    return RasterioWindow(window.col, window.row, window.width, window.height)


def _mask(dataset: Any, number: int, place: RasterioWindow) -> NDArray[np.uint8]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", NodataShadowWarning)  # alpha is looked at besides
        found: NDArray[np.uint8] = dataset.read_masks(number, window=place)
    return found


def _values(
    dataset: Any,
    header: Header,
    numbers: tuple[int, ...],
    place: RasterioWindow,
    out: NDArray[Any] | None = None,
) -> NDArray[Any]:
    """Return the numbers of several bands, which may be of several types."""
    if len({header.dtypes[number - 1] for number in numbers}) > 1:
        return np.stack([dataset.read(n, window=place, out_dtype=header.dtype) for n in numbers])
    if out is None:
        out = np.empty((len(numbers), place.height, place.width), dtype=header.dtype)
    found: NDArray[Any] = dataset.read(list(numbers), window=place, out=out)
    return found


def all_data(values: NDArray[Any], nodata: float | None) -> NDArray[np.bool_]:
    """Return where every band holds a finite number that is not `nodata`.

    Examples
    --------
    >>> all_data(np.array([[[1.0, 0.0, np.nan]], [[1.0, 1.0, 1.0]]]), 0)
    array([[ True, False, False]])
    """
    return shown_by_numbers(values, (np.nan if nodata is None else float(nodata),) * len(values))


def _blocks(dataset: Any, numbers: tuple[int, ...], window: Window) -> Iterator[Window]:
    """Yield the whole tiles of the file that a window touches."""
    high, wide = dataset.block_shapes[numbers[0] - 1]
    for row in range(window.row // high * high, window.row + window.height, high):
        for col in range(window.col // wide * wide, window.col + window.width, wide):
            yield Window(row, col, min(high, dataset.height - row), min(wide, dataset.width - col))


def _common(one: Window, other: Window) -> Window:
    row, col = max(one.row, other.row), max(one.col, other.col)
    bottom = min(one.row + one.height, other.row + other.height)
    right = min(one.col + one.width, other.col + other.width)
    return Window(row, col, bottom - row, right - col)


def _is_gone(dataset: Any) -> bool:
    """Return whether a local file is no longer where it was."""
    path = Path(str(dataset.name))
    return path.is_absolute() and not str(path).startswith("/vsi") and not path.exists()


def _bad_band(
    dataset: Any, header: Header, terms: Terms, numbers: tuple[int, ...], window: Window
) -> int:
    for number in numbers:
        try:
            _decoded(dataset, header, terms, (number,), window)
        except RasterioError:
            return number
    return numbers[0]


def _refusal(header: Header, number: int, block: Window, error: RasterioError) -> RasterError:
    last_row, last_col = block.row + block.height, block.col + block.width
    reason = str(error.__cause__ or error).rstrip(".")
    return RasterError(
        f"第 {number} 波段第 {block.row}–{last_row} 行、"
        f"第 {block.col}–{last_col} 列的图块无法解码：{reason}。",
        f"Band {number} cannot be decoded in rows {block.row}-{last_row}, "
        f"columns {block.col}-{last_col}: {reason}.",
        remedy=Text(
            zh='请重新取得该影像；或指定 on_bad_tile = "unseen"，把坏图块计为未见。',
            en='Get a whole copy of the image, or let on_bad_tile = "unseen" count such tiles '
            "as unseen.",
        ),
        file=header.name,
        found=block,
    )
