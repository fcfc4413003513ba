"""Origins: the kinds of thing an image can come as, behind one door.

Question   How are the pixels of a path, of many, of a dataset or a DataArray read by windows?
Enters     What the user handed over as an image, and on which terms.
Leaves     Origins: a grid, what is said of nodata, and a session that reads windows.
Elsewhere  Words for paths: read/image_path. Pixels: read/blocks. Bands and masks: read/raster.
"""

from __future__ import annotations

from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field, replace
from functools import partial
from math import nan
from os import PathLike
from typing import TYPE_CHECKING, Any

import numpy as np
from pyproj import CRS
from rasterio.enums import ColorInterp, MaskFlags
from rasterio.errors import RasterioError

from greenspace.errors import RasterError
from greenspace.model.grid import Grid, Window
from greenspace.model.words import Text
from greenspace.read.blocks import blanks_of, read_bare, read_window
from greenspace.read.data_array import open_array
from greenspace.read.header import Header, Terms, settled_crs
from greenspace.read.image_path import cannot_open, locate
from greenspace.read.mosaic import mosaic_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from contextlib import AbstractContextManager

    from numpy.typing import NDArray

    from greenspace.read.header import Bare, Origin, Reading

ON_THE_IMAGE_OWN_TERMS = Terms()
MOST_PIXELS = 10**12


def open_origin(image: Any, terms: Terms = ON_THE_IMAGE_OWN_TERMS) -> Origin:
    """Return the origin of a path, a URL, an open rasterio dataset, a DataArray, or a list.

    A list is many files of one image: where they overlap, the first that shows a pixel wins.

    Raises
    ------
    RasterError
        The image cannot be opened, or has no place on the ground; files do not fit together.
    CrsError
        It has another CRS than the terms say.
    """
    if isinstance(image, list | tuple):
        return _open_many(image, terms)
    if hasattr(image, "isel") and not hasattr(image, "data_vars"):
        return open_array(image, terms)
    if hasattr(image, "read_masks"):
        name = str(image.name)
        try:
            header = _header(image, name, terms)
        except RasterioError as error:
            raise cannot_open(name, error) from error
        return DatasetOrigin(header, lambda: nullcontext(image), terms, parallel=False)
    if not isinstance(image, str | PathLike):
        raise _no_image(image)
    location = locate(image, outside=terms.outside)
    with location.opened() as dataset:
        header = _header(dataset, location.name, terms)
    return DatasetOrigin(header, location.opened, terms)


def _open_many(images: list[Any] | tuple[Any, ...], terms: Terms) -> Origin:
    if not images:
        raise RasterError(
            "影像的文件列表是空的。",
            "The list of files of the image is empty.",
            remedy=Text(zh="请列出文件。", en="Name its files."),
            expected="files",
        )
    parts = [open_origin(image, terms) for image in images]
    return parts[0] if len(parts) == 1 else mosaic_of(parts)


def _no_image(image: Any) -> RasterError:
    kind = type(image).__name__
    return RasterError(
        f"影像应为路径、网址、打开的 rasterio 数据集或 DataArray，而不是 {kind}。",
        "An image is a path, a URL, an open rasterio dataset or a DataArray, "
        f"not a thing of type {kind}.",
        remedy=Text(
            zh='请给出路径，例如 "image.tif"；分波段的写 {"red": …, "nir": …}。',
            en='Give a path, such as "image.tif", or {"red": …, "nir": …} for one file a band.',
        ),
        expected="a path, a dataset or a DataArray",
        found=kind,
    )


@dataclass(frozen=True, slots=True)
class DatasetOrigin:
    """One file, opened anew for each session, or a dataset that the caller opened and will close.

    ``opened`` gives the dataset for one pass; a dataset of the caller's is no thread's own.
    """

    header: Header
    opened: Callable[[], AbstractContextManager[Any]]
    terms: Terms
    parallel: bool = True
    bad: set[Window] = field(default_factory=set, compare=False)
    absent: set[Window] = field(default_factory=set, compare=False)

    @property
    def parts(self) -> tuple[DatasetOrigin, ...]:
        """The one that it is."""
        return (self,)

    @property
    def bad_tiles(self) -> frozenset[tuple[Grid, Window]]:
        """Tiles that could not be decoded so far."""
        return frozenset((self.header.grid, window) for window in self.bad)

    @property
    def absent_tiles(self) -> frozenset[tuple[Grid, Window]]:
        """Tiles that the file leaves out, so far."""
        return frozenset((self.header.grid, window) for window in self.absent)

    def note_tiles(self, bad: Iterable[Window], absent: Iterable[Window]) -> None:
        """Count tiles that another process met among those met."""
        self.bad.update(bad)
        self.absent.update(absent)

    def with_nodata(self, nodata: float | None) -> DatasetOrigin:
        """Return the same image with another nodata value."""
        return replace(self, terms=replace(self.terms, nodata=nodata))

    def opaque(self, numbers: set[int]) -> DatasetOrigin:
        """Return the same image with these bands taken for data, not for alpha."""
        return replace(self, header=self.header.opaque(numbers))

    @contextmanager
    def session(self) -> Iterator[Reading]:
        """Open it for one pass."""
        with self.opened() as dataset:
            yield partial(self._read, dataset)

    @contextmanager
    def bare(self) -> Iterator[Bare]:
        """Open it for one pass that looks at blanks itself, and is done with one window's values.

        The next window of the same shape is read into the same array.
        """
        kept: dict[tuple[int, ...], NDArray[Any]] = {}
        with self.opened() as dataset:
            yield partial(self._read_bare, dataset, kept)

    def _read(
        self, dataset: Any, numbers: tuple[int, ...], window: Window
    ) -> tuple[NDArray[Any], NDArray[np.bool_]]:
        met = (self.bad, self.absent)
        return read_window(dataset, self.header, self.terms, met, numbers, window)

    def _read_bare(
        self,
        dataset: Any,
        kept: dict[tuple[int, ...], NDArray[Any]],
        numbers: tuple[int, ...],
        window: Window,
    ) -> tuple[NDArray[Any], NDArray[np.bool_] | None, tuple[float, ...]]:
        blanks = blanks_of(self.header, self.terms, numbers)
        met = (self.bad, self.absent)
        if blanks is None:
            pixels = read_window(dataset, self.header, self.terms, met, numbers, window)
            return *pixels, (nan,) * len(numbers)
        shape = (len(numbers), window.height, window.width)
        if shape not in kept:
            kept.clear()
            kept[shape] = np.empty(shape, dtype=self.header.dtype)
        out = kept[shape]
        return *read_bare(dataset, self.header, self.terms, met, numbers, window, out), blanks


def _header(dataset: Any, name: str, terms: Terms) -> Header:
    _require_image(dataset, name)
    high, wide = dataset.block_shapes[0]
    said = None if dataset.crs is None else CRS.from_user_input(dataset.crs)
    crs = settled_crs(said, terms, name)
    nodatas = tuple(map(_possible, dataset.nodatavals, dataset.dtypes))
    alpha = _bands_meant_as(ColorInterp.alpha, dataset)
    masked = tuple(n for n, flags in enumerate(dataset.mask_flag_enums, 1) if _is_mask(flags))
    return Header(
        name,
        Grid(dataset.width, dataset.height, dataset.transform, crs, high, wide),
        dataset.count,
        tuple(dataset.descriptions),
        tuple(dataset.scales),
        tuple(dataset.offsets),
        tuple(dataset.dtypes),
        says_nodata=bool(alpha or masked) or any(value is not None for value in nodatas),
        nodatas=nodatas,
        alpha=alpha,
        masked=masked,
        palette=_bands_meant_as(ColorInterp.palette, dataset),
    )


def _possible(value: float | None, kind: str) -> float | None:
    """Return a nodata value that a band declares, where its numbers can take it."""
    if value is None or not np.issubdtype(np.dtype(kind), np.integer):
        return value
    limits = np.iinfo(kind)
    return value if float(value).is_integer() and limits.min <= value <= limits.max else None


def _bands_meant_as(meaning: ColorInterp, dataset: Any) -> tuple[int, ...]:
    return tuple(n for n, each in enumerate(dataset.colorinterp, 1) if each == meaning)


def _is_mask(flags: list[MaskFlags]) -> bool:
    """Return whether a band has a mask of its own, not one that stands for nodata or alpha."""
    return MaskFlags.alpha not in flags and flags not in (
        [MaskFlags.nodata],
        [MaskFlags.all_valid],
    )


def _require_image(dataset: Any, name: str) -> None:
    if dataset.subdatasets and not dataset.count:
        listed = [str(each) for each in dataset.subdatasets]
        variables = [each.rpartition(":")[2] for each in listed]
        raise RasterError(
            f"文件有 {len(listed)} 个变量，未指定用哪一个：{'、'.join(variables)}。",
            f"The file holds {len(listed)} variables and none was named: {', '.join(variables)}.",
            remedy=Text(
                zh=f"请写 'NETCDF:\"…\":{variables[0]}' 这样的路径。",
                en=f"Write the path as 'NETCDF:\"…\":{variables[0]}'.",
            ),
            file=name,
            found=tuple(variables),
        )
    complex_ones = [kind for kind in dataset.dtypes if kind.startswith("complex")]
    if complex_ones:
        raise RasterError(
            f"影像的像元是复数（{complex_ones[0]}）。",
            f"The image holds complex numbers ({complex_ones[0]}).",
            remedy=Text(zh="请提供反射率或像元值。", en="Give reflectance or digital numbers."),
            file=name,
            found=complex_ones[0],
        )
    if dataset.width * dataset.height > MOST_PIXELS:
        raise RasterError(
            f"影像有 {dataset.width} × {dataset.height} 个像元，超过 {MOST_PIXELS:.0e}。",
            f"The image has {dataset.width} x {dataset.height} pixels, more than "
            f"{MOST_PIXELS:.0e}.",
            remedy=Text(
                zh="请核对文件，或裁剪到城市范围。",
                en="Check the file, or cut it to the city.",
            ),
            file=name,
            expected=MOST_PIXELS,
            found=(dataset.width, dataset.height),
        )
    if dataset.transform.is_identity or not dataset.transform.determinant:
        raise _no_place(dataset, name)


def _no_place(dataset: Any, name: str) -> RasterError:
    only = "RPC" if dataset.rpcs else "GCP" if dataset.gcps[0] else None
    if only is not None:
        return RasterError(
            f"影像只有 {only}，还没有做正射校正。",
            f"The image has only {only}s and is not orthorectified.",
            remedy=Text(zh="请先做正射校正。", en="Orthorectify it first."),
            file=name,
            found=only,
        )
    return RasterError(
        "影像没有地理参考（没有仿射变换，不知像元位于何处）。",
        "The image has no georeference: no transform says where its pixels lie.",
        remedy=Text(zh="请先做几何校正。", en="Georeference it first."),
        file=name,
    )
