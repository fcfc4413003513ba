"""Masks: what hides pixels of an image, from a raster or from polygons.

Question   Which pixels does this mask hide?
Enters     A raster and what its numbers mean, or polygons; the image's grid.
Leaves     Something whose session reads windows of hidden pixels; findings.
Elsewhere  The image itself: read/raster. Known mask codes: read/sensors.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
from affine import Affine
from rasterio.features import geometry_mask

from greenspace.errors import RasterError
from greenspace.model.city import MaskSpec
from greenspace.model.grid import Window
from greenspace.model.place import require_place
from greenspace.model.sensor import Fact, MaskCodes, MaskRule
from greenspace.model.source import Finding
from greenspace.model.words import Text
from greenspace.read.header import Terms
from greenspace.read.origin import open_origin
from greenspace.read.sensors import read_mask_codes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

    from greenspace.model.grid import Grid
    from greenspace.read.header import Header, Origin, Reading

BYTE = 8
MOST = 2**32 - 1
WAYS = ("codes", "values", "bits")
SAY_CODES = Text(
    zh='请写明编码，例如 { path = "…", codes = "planet-udm2" }。',
    en='Name its codes, for example { path = "…", codes = "planet-udm2" }.',
)


@dataclass(frozen=True, slots=True)
class PolygonMask:
    """Polygons that hide every pixel they touch."""

    shapes: tuple[Any, ...]
    grid: Grid
    parallel: bool = True
    unmet_codes: None = None

    def note_codes(self, unmet: object) -> None:
        """Do nothing: polygons have no codes."""

    def findings(self) -> tuple[Finding, ...]:
        """Return nothing: what polygons hide was told when they were opened."""
        return ()

    @contextmanager
    def session(self) -> Iterator[Callable[[int, Window], tuple[NDArray[Any], None]]]:
        """Return a reading that burns the polygons into one window."""
        yield self._read

    def _read(self, number: int, window: Window) -> tuple[NDArray[Any], None]:
        del number
        corner = self.grid.transform @ Affine.translation(window.col, window.row)
        shape = (window.height, window.width)
        return geometry_mask(self.shapes, shape, corner, all_touched=True, invert=True), None


@dataclass(frozen=True, slots=True)
class RasterMask:
    """A raster that hides pixels by its codes; without codes, by every number but zero.

    Attributes
    ----------
    step
        Pixels of the image along one of the mask.
    """

    origin: Origin
    step: int
    codes: MaskCodes | None
    _unmet: set[tuple[int, int]] = field(default_factory=set, repr=False, compare=False)
    _looked: list[bool] = field(default_factory=list, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Keep what the user listed, to be crossed out as it is met."""
        rules = () if self.codes is None else self.codes.rules
        for place, fact in enumerate(rules):
            if fact.mark == "user":
                self._unmet.update((place, value) for value in fact.value.values)

    def findings(self) -> tuple[Finding, ...]:
        """Return which codes that the user listed were met nowhere, once the mask was read."""
        if self.codes is None or not self._unmet or not self._looked:
            return ()
        rules = [fact.value for fact in self.codes.rules]
        absent = ", ".join(
            str(value) if rules[place].bit_count is None else f"bit {rules[place].first_bit}"
            for place, value in sorted(self._unmet)
        )
        text = Text(
            zh=f"所列掩膜代码 {absent} 在读到的掩膜中没有出现，什么也没有遮盖：请核对代码表。",
            en=f"Codes listed for the mask that occur nowhere in what was read of it, and hide "
            f"nothing: {absent}. Check the table of codes.",
        )
        finding = Finding(
            code="mask_codes_absent",
            text=text,
            severity="warning",
            layer="mask",
            count=len(self._unmet),
            indicators=("green_coverage",),
        )
        return (finding,)

    @property
    def unmet_codes(self) -> frozenset[tuple[int, int]] | None:
        """The codes that the user listed and that were not met; None before it is read."""
        return frozenset(self._unmet) if self._looked else None

    def note_codes(self, unmet: frozenset[tuple[int, int]] | None) -> None:
        """Cross out the codes that another process met: all but these."""
        if unmet is not None:
            self._looked[:] = [True]
            self._unmet.intersection_update(unmet)

    @property
    def parallel(self) -> bool:
        """Whether several sessions may be open at once."""
        return self.origin.parallel

    @contextmanager
    def session(self) -> Iterator[Callable[[int, Window], tuple[NDArray[np.bool_], None]]]:
        """Return a reading of the hidden pixels of one window of the image."""
        with self.origin.session() as reading:
            yield lambda _, window: (self._hidden(reading, window), None)

    def _hidden(self, reading: Reading, window: Window) -> NDArray[np.bool_]:
        step = self.step
        top, left = window.row // step, window.col // step
        height = -(-(window.row + window.height) // step) - top
        width = -(-(window.col + window.width) // step) - left
        band = 1 if self.codes is None else self.codes.band
        planes, data = reading((band,), Window(top, left, height, width))
        numbers = planes[0]
        hidden: NDArray[np.bool_] = numbers != 0
        if self.codes is not None:
            hidden = self.codes.hides(numbers) | ~data
            self._cross_out(self.codes, numbers)
        if step == 1:
            return hidden
        row, col = window.row - top * step, window.col - left * step
        hidden = hidden.repeat(step, axis=0).repeat(step, axis=1)
        return hidden[row : row + window.height, col : col + window.width]

    def _cross_out(self, codes: MaskCodes, numbers: NDArray[np.integer]) -> None:
        self._looked[:] = [True]
        for place, value in tuple(self._unmet):
            rule = replace(codes.rules[place].value, values=(value,))
            if rule.hides(numbers).any():
                self._unmet.discard((place, value))


def open_mask(mask: Any, grid: Grid) -> tuple[RasterMask | PolygonMask, tuple[Finding, ...]]:
    """Return what hides pixels of an image, and what its reader should know.

    Raises
    ------
    RasterError
        The mask has no CRS, cannot be opened, lies on another grid, or does not say what its
        numbers mean.
    CrsError
        Polygons fit their CRS only after a change.
    """
    if isinstance(mask, gpd.GeoDataFrame | gpd.GeoSeries):
        if mask.crs is None or grid.crs is None:
            raise RasterError(
                "掩膜或影像没有坐标系。",
                "The mask or the image has no CRS.",
                remedy=Text(
                    zh='请先为掩膜写明坐标系（set_crs），影像用 crs="EPSG:…"。',
                    en='Say it: set_crs of the mask, crs="EPSG:…" for the image.',
                ),
            )
        require_place(mask, layer="mask")
        shapes = mask.geometry[~(mask.geometry.isna() | mask.geometry.is_empty)]
        return PolygonMask(tuple(shapes.to_crs(grid.crs)), grid), ()
    spec = _spec_of(mask)
    raster, codes = (mask, None) if spec is None else (spec.path, _codes_of(spec))
    origin = open_origin(raster, Terms(absent_unseen=False))
    step = _step(grid, origin.header)
    _require_meaning(origin.header, codes)
    remarks = _decoded(codes) if spec is not None and spec.codes is not None and codes else ()
    if step > 1:
        remarks += (_repeated(step),)
    return RasterMask(origin, step, codes), remarks


def _spec_of(mask: Any) -> MaskSpec | None:
    if isinstance(mask, MaskSpec):
        return mask
    if not isinstance(mask, Mapping):
        return None
    ways = [key for key in mask if key in WAYS and mask[key] is not None]
    if "path" not in mask or set(mask) - {"path", *WAYS} or len(ways) > 1:
        raise RasterError(
            "掩膜应写成 path 加 codes、values、bits 之一。",
            "A mask is a path with one of codes, values and bits.",
            remedy=Text(
                zh='例如 {"path": "SCL.tif", "codes": "sentinel2-scl"}。',
                en='For example {"path": "SCL.tif", "codes": "sentinel2-scl"}.',
            ),
            expected=("path", *WAYS),
            found=tuple(mask),
        )
    numbers = {key: _whole(key, mask[key]) for key in ways if key != "codes"}
    return MaskSpec(path=mask["path"], codes=mask.get("codes"), **numbers)


def _whole(key: str, given: Any) -> tuple[int, ...]:
    numbers = tuple(given) if isinstance(given, Iterable) and not isinstance(given, str) else ()
    if numbers and all(isinstance(n, int | np.integer) and 0 <= n <= MOST for n in numbers):
        return tuple(int(n) for n in numbers)
    raise RasterError(
        f"掩膜的 {key} 应为非负整数的列表，而不是 {given!r}。",
        f"{key} of a mask should be whole numbers of 0 or more, not {given!r}.",
        remedy=Text(
            zh=f'请写成列表，例如 {{"path": "…", "{key}": [3, 8]}}。',
            en=f'List them, for example {{"path": "…", "{key}": [3, 8]}}.',
        ),
        expected="[3, 8, 9]",
        found=given,
    )


def _codes_of(spec: MaskSpec) -> MaskCodes | None:
    if spec.codes is not None:
        return read_mask_codes(spec.codes)
    hidden = Text(zh="遮盖", en="hidden")
    rules = [MaskRule(reason=hidden, values=spec.values)] if spec.values else []
    rules += [
        MaskRule(reason=hidden, values=(1,), first_bit=bit, bit_count=1) for bit in spec.bits or ()
    ]
    facts = tuple(Fact(value=rule, mark="user", sources=()) for rule in rules)
    return MaskCodes(id="", name=hidden, band=1, rules=facts) if facts else None


def _step(grid: Grid, header: Header) -> int:
    same_crs = grid.crs is None or header.grid.crs is None or grid.crs == header.grid.crs
    step = grid.steps_in(header.grid) if same_crs else None
    if step is None:
        raise _other_grid(grid, header)
    return step


def _require_meaning(header: Header, codes: MaskCodes | None) -> None:
    """Refuse a mask of several bands without codes, and codes that its numbers cannot hold."""
    band = 1 if codes is None else codes.band
    if (codes is None and header.count > 1) or band > header.count:
        raise RasterError(
            f"掩膜有 {header.count} 个波段，而 0/非 0 掩膜只有一个。",
            f"The mask has {header.count} bands, and one of zero and non-zero has one.",
            remedy=SAY_CODES,
            file=header.name,
            expected=band,
            found=header.count,
        )
    if codes is None:
        return
    kind = np.dtype(header.dtypes[band - 1])
    last = max(rule.value.last_bit for rule in codes.rules)
    if kind.kind not in "iu" or last >= kind.itemsize * BYTE:
        raise RasterError(
            f"掩膜的数值类型是 {kind}，装不下所写的编码。",
            f"The mask holds {kind}, which cannot hold the codes that were named.",
            remedy=Text(
                zh="请核对是否为原始掩膜文件。", en="Check that this is the mask as delivered."
            ),
            file=header.name,
            found=str(kind),
        )


def _decoded(codes: MaskCodes) -> tuple[Finding, ...]:
    first = codes.rules[0]
    listed = [(rule.value.reason, rule.value.coded) for rule in codes.rules]
    text = Text(
        zh=f"掩膜按 {codes.name.zh} 解读，看不到的是："
        + "、".join(f"{reason.zh}（{coded}）" for reason, coded in listed)
        + f"（{first.mark}：{first.sources[0]}）。",
        en=f"The mask is read as {codes.name.en}; not seen: "
        + "; ".join(f"{reason.en} ({coded})" for reason, coded in listed)
        + f" ({first.mark}: {first.sources[0]}).",
    )
    return (Finding(code="mask_decoded", text=text, layer="mask"),)


def _repeated(step: int) -> Finding:
    text = Text(
        zh=f"掩膜的像元边长是影像的 {step} 倍，每个掩膜像元遮盖其下全部影像像元。",
        en=f"A pixel of the mask is {step} times as wide as one of the image and counts for all "
        "that lie in it.",
    )
    return Finding(code="mask_coarser", text=text, layer="mask")


def _other_grid(grid: Grid, other: Header) -> RasterError:
    wide, wanted = round(other.grid.pixel_size, 6), round(grid.pixel_size, 6)
    unlike = wide != wanted
    zh = f"：像元边长 {wide}，而不是 {wanted}。" if unlike else "。"
    en = f": they are {wide} wide, not {wanted}." if unlike else "."
    return RasterError(
        f"该栅格与影像的像元不重合{zh}",
        f"This raster does not have the pixels of the image{en}",
        remedy=Text(zh="请重采样到影像的格网。", en="Resample it to the grid of the image."),
        file=other.name,
        expected=(grid.width, grid.height, tuple(grid.transform)[:6]),
        found=(other.grid.width, other.grid.height, tuple(other.grid.transform)[:6]),
    )


def require_same_grid(grid: Grid, other: Header) -> None:
    """Refuse a raster whose pixels are not those of the image.

    Raises
    ------
    RasterError
        The grids differ.
    """
    same_crs = grid.crs is None or other.grid.crs is None or grid.crs == other.grid.crs
    if same_crs and grid.same_place(other.grid):
        return
    raise _other_grid(grid, other)
