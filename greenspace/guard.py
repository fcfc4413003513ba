"""Guard: green lines held against what came later: construction, widened roads, a later image.

Question   What stands inside approved green lines and should not, and is the loss made up?
Enters     Lines, works, images of two dates; or a City that has them.
Leaves     A Guard: findings by size with pictures of both dates, ledgers, checks.
Elsewhere  Cutting works with lines: delimit/encroachment. Images: guard_images.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

import geopandas as gpd
import numpy as np

from greenspace.balance import balanced, lines_of, moved_findings, ready_lines
from greenspace.chips import chips_at
from greenspace.delimit.encroachment import SLIVER_M2, SLIVER_WIDTH_M, ranked, taken
from greenspace.errors import InputError
from greenspace.guard_images import Images
from greenspace.guard_ledgers import (
    Found,
    encroachments,
    found_ledger,
    image_check,
    line_ledger,
    older_ledger,
    unseen_ledger,
    works_check,
)
from greenspace.guard_remarks import (
    left_out,
    not_dated,
    ranking_note,
    require_sizes,
    undated,
    without_pictures,
)
from greenspace.imagery import vegetation
from greenspace.model.city import ImageSpec
from greenspace.model.crs import parse_crs
from greenspace.model.encroachment import Guard
from greenspace.model.names import name_of
from greenspace.model.source import finding_of
from greenspace.model.words import Text
from greenspace.prepare.corrections import Corrected
from greenspace.prepare.days import day_of, days_of
from greenspace.prepare.ready import Ready, warn_of_changes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from greenspace.guard_images import Loss
    from greenspace.model.city import City
    from greenspace.model.declared import Chip
    from greenspace.model.green_line import GreenLines
    from greenspace.model.source import Finding
    from greenspace.prepare.repair import Layer

PATCH_M2: Final = 100.0
MOST_CHIPS: Final = 100
LINES, CONSTRUCTION, ROADS = "green_lines", "construction", "road_widening"


def encroachment(
    lines: Layer | GreenLines,
    *,
    construction: Layer | None = None,
    road_widening: Layer | None = None,
    before: Any = None,
    after: Any = None,
    since: Any = None,
    revised: Layer | GreenLines | None = None,
    reference: Layer | None = None,
    sliver_width_m: float = SLIVER_WIDTH_M,
    sliver_m2: float = SLIVER_M2,
    smallest_patch_m2: float = PATCH_M2,
    edition: str | None = None,
    crs: Any = None,
) -> Guard:
    """Hold green lines against later construction, road widening and a later image.

    A finding is ``line ∩ work`` for each line and work, or the ground of a line that went from green
    to not green between two images. Findings are ranked by area, ties by line number. Ground under
    several findings is in each of them, and once in the sums.

    Parameters
    ----------
    lines
        Approved lines: `GreenLines`, or polygons or closed rings with ``number``, ``status``,
        ``category``, ``class`` and ``name`` as far as there are any, in any CRS.
    construction
        Polygons of projects, perhaps with ``name`` and ``date``.
    road_widening
        Polygons of the land that roads take, perhaps with ``name``.
    before, after
        Images, as `green_change` takes them; both or neither.
    since
        The day on which the lines were approved: construction dated before it is listed, and not
        counted. Without it every project counts as later.
    revised
        Lines after a revision, for the balance; default: the lines as they are.
    reference
        Points of change, as `green_change` takes them. Where a line has enough of its own, they
        give the interval of its loss.
    sliver_width_m, sliver_m2
        Pieces that are nowhere wider, or smaller, are noise of drawing: counted, no findings.
    smallest_patch_m2
        The same for patches of lost green.
    edition
        Of the class codes, ``"2002"`` or ``"2017"``: they say the category where no column does.
    crs
        Measuring CRS; default: that of the lines where it may measure areas.

    Returns
    -------
    Guard
        ``encroachments`` in the measuring CRS, areas in m2. ``low_m2`` and ``high_m2`` of an image
        finding are the 95 % interval by reference points; without points, the true loss lies
        between them where either image is off by up to a pixel of the coarser one, in any
        direction. Ground unseen is in high, errors of classification are in neither. Findings from drawings have no interval (NaN).

    Raises
    ------
    GeometryError
        A line is open or crosses itself, or a layer holds other shapes than polygons.
    ColumnError
        A line's number stands twice, a status or a date is not known.
    CrsError
        A layer has no CRS.
    InputError
        A width or area is no finite number of 0 or more, one image without the other, images in the wrong order, or `since` is no day.

    References
    ----------
    Measures for the Administration of Urban Green Lines, construction ministry's order 112.

    Examples
    --------
    >>> import shapely
    >>> park = shapely.box(500_000, 3_400_000, 500_100, 3_400_100)
    >>> lines = gpd.GeoDataFrame({"number": ["L001"]}, geometry=[park], crs=4547)
    >>> work = gpd.GeoSeries([shapely.box(500_090, 3_400_000, 500_200, 3_400_050)], crs=4547)
    >>> encroachment(lines, construction=work).encroachments["area_m2"].tolist()
    [500.0]
    """
    if (before is None) != (after is None):
        raise InputError(
            "只给了一期影像，无法比较。",
            "One image was given without the other, so nothing can be compared.",
            remedy=Text(zh="请同时给出 before 和 after。", en="Pass both before and after."),
        )
    require_sizes(
        sliver_width_m=sliver_width_m, sliver_m2=sliver_m2, smallest_patch_m2=smallest_patch_m2
    )
    approved, told = lines_of(lines, LINES, edition)
    ready = Ready(None if crs is None else parse_crs(crs), approved, LINES)
    standing, shared = ready_lines(ready, approved, LINES)
    watch = _Watch(standing, sliver_width_m, sliver_m2, smallest_patch_m2)
    watch.findings += (*told, *shared)
    works = {CONSTRUCTION: construction, ROADS: road_widening}
    for name, layer in works.items():
        if layer is not None:
            watch.works(ready.layer(layer, name), name, since)
    if before is not None:
        watch.images(before, after, ready, reference)
    new = watch.lines
    if revised is not None:
        redrawn, more = lines_of(revised, "revised", edition)
        new, shared = ready_lines(ready, redrawn, "revised")
        watch.findings += (*more, *shared)
    moved = moved_findings(ready.crs, green_lines=approved, **works, revised=revised)
    watch.findings += (*ready.findings, *moved)
    warn_of_changes(watch.findings)
    return watch.guard(new, works=any(layer is not None for layer in works.values()))


def guard_of(city: City, *, revised: GreenLines | None = None, since: Any = None) -> Guard | None:
    """Hold a city's approved lines against its works, and its oldest against its newest image.

    ``None`` where the city has no approved lines. Images that cannot be compared stop nothing: the
    guard goes on without them, with the reason as a finding.

    Parameters
    ----------
    city
        With layers ``green_lines``, ``construction``, ``road_widening`` and images.
    revised
        The lines as they are drawn now, for the balance.
    since
        As `encroachment` takes it; default: ``approved`` of ``[layers.green_lines]``.
    """
    lines = city.layers.get(LINES)
    if lines is None:
        return None
    known: dict[str, Any] = {
        "construction": city.layers.get(CONSTRUCTION),
        "road_widening": city.layers.get(ROADS),
        "revised": revised,
        "since": city.settings.get(LINES, {}).get("approved") if since is None else since,
        "edition": city.editions.get(LINES),
        "crs": city.crs,
    }
    if len(city.images) < 2:  # noqa: PLR2004
        return encroachment(lines, **known)
    how = city.vegetation_method.how
    oldest, newest = (_Dated(city.images[place], how) for place in (-1, 0))
    try:
        return encroachment(lines, before=oldest, after=newest, **known)
    except InputError as error:
        found = encroachment(lines, **known)  # what is wrong with the lines is said here
        return replace(found, findings=(*found.findings, finding_of(error)))


@dataclass(frozen=True, slots=True)
class _Dated:
    """An image of a city, and how the city tells green."""

    spec: ImageSpec
    how: dict[str, Any]


@dataclass(eq=False)
class _Watch:
    """Lines in the measuring CRS, and what was found on them so far."""

    lines: gpd.GeoDataFrame
    width_m: float
    least_m2: float
    patch_m2: float
    found: list[Found] = field(default_factory=list)
    older: list[Found] = field(default_factory=list)
    later: list[Any] = field(default_factory=list)
    findings: tuple[Finding, ...] = ()
    compared: Images | None = None
    loss: Loss | None = None
    dates: tuple[str, str] = ("", "")

    def works(self, layer: gpd.GeoDataFrame, name: str, since: Any) -> None:
        """Cut a layer of works with the lines."""
        day = day_of(since, "since")
        shapes = layer.geometry.to_numpy()
        cut = taken(
            self.lines.geometry.to_numpy(), shapes, width_m=self.width_m, least_m2=self.least_m2
        )
        days = days_of(layer["date"], name) if "date" in layer else None
        words = [""] * len(layer) if days is None else list(days.words)
        older = np.zeros(len(layer), dtype=bool)
        if days is not None and day is not None:
            older = days.before(day)
            self.findings += undated(int(days.unsaid[np.unique(cut.work)].sum()), name)
        elif name == CONSTRUCTION:
            self.findings += not_dated(len(set(cut.work.tolist())), name, since=day)
        kind = "road" if name == ROADS else name
        titles = _titles(layer)
        self.later += list(shapes[~older])
        for line, work, ground in zip(cut.line, cut.work, cut.ground, strict=True):
            one = Found(int(line), kind, titles[work], words[work], ground)
            (self.older if older[work] else self.found).append(one)
        self.findings += left_out(cut, name, self.width_m, self.least_m2)

    def images(self, before: Any, after: Any, ready: Ready, reference: Layer | None) -> None:
        """Look for green that is gone, on the lines and under the works."""
        opened, given = (_opened(before), _opened(after)), (_given(before), _given(after))
        self.compared = Images.of(opened, given, ready.crs)
        loss = self.compared.lost_on(self.lines, smallest_m2=self.patch_m2, reference=reference)
        under = self.compared.lost_under(
            gpd.GeoSeries([one.ground for one in self.found], crs=ready.crs)
        )
        self.found = [
            replace(one, green=green) for one, green in zip(self.found, under, strict=True)
        ]
        self.dates = (_day(given[0]), _day(given[1]))
        days = " → ".join(filter(None, self.dates))
        for line, ground, bounds in zip(loss.line, loss.ground, loss.bounds, strict=True):
            self.found.append(Found(int(line), "image", days, days, ground, bounds))
        self.loss = loss
        self.findings += loss.findings

    def guard(self, revised: gpd.GeoDataFrame, *, works: bool) -> Guard:
        """Rank what was found and make its tables."""
        numbers = self.lines["number"]
        order = ranked(
            [numbers.iloc[one.line] for one in self.found],
            [one.kind for one in self.found],
            [one.area_m2 for one in self.found],
        )
        found = [self.found[place] for place in order]
        chips = self._chips(found)
        balance = balanced(self.lines, revised, self._built(revised))
        crs, loss = self.lines.crs, self.loss
        unseen = (
            (unseen_ledger(loss, self.lines),) if loss is not None and loss.unseen_m2.any() else ()
        )
        unpictured = without_pictures(len(found) - MOST_CHIPS if self.compared else 0, MOST_CHIPS)
        note = ranking_note(self.width_m, self.least_m2, self.patch_m2)
        return Guard(
            encroachments=encroachments(found, self.lines),
            balance=balance.ledger,
            ledgers=(
                found_ledger(found, self.lines, chips, note),
                line_ledger(found, self.lines),
                *unseen,
                *((older_ledger(self.older, self.lines),) if self.older else ()),
                balance.ledger,
                balance.by_line,
            ),
            checks=(
                works_check(found, crs, looked=works),
                image_check(found, self.lines, loss),
                balance.check,
            ),
            findings=tuple(dict.fromkeys((*self.findings, *balance.findings, *unpictured))),
            chips=chips,
            lines=self.lines,
            dates=self.dates,
        )

    def _built(self, revised: gpd.GeoDataFrame) -> NDArray[Any]:
        """Return what later works take of the lines, before and after their revision."""
        ground = [one.ground for one in self.found if one.kind != "image"]
        if revised is not self.lines and self.later:
            cut = taken(
                revised.geometry.to_numpy(),
                np.array(self.later, dtype=object),
                width_m=self.width_m,
                least_m2=self.least_m2,
            )
            ground += list(cut.ground)
        return np.array(ground, dtype=object)

    def _chips(self, found: Sequence[Found]) -> tuple[Chip, ...]:
        if self.compared is None:
            return ()
        shapes = [one.ground for one in found[:MOST_CHIPS]]
        dates = self.compared.dates
        return tuple(
            chip
            for name, image in (("before", dates.before), ("after", dates.after))
            for chip in chips_at(
                image.raster if isinstance(image, Corrected) else image,
                shapes,
                self.lines.crs,
                prefix=f"guard_{name}",
            )
        )


def _titles(layer: gpd.GeoDataFrame) -> list[str]:
    """Return what each work is called: its name, else its kind, else its row."""
    blank = [""] * len(layer)
    names = list(layer["name"]) if "name" in layer else blank
    kinds = list(layer["kind"]) if "kind" in layer else blank
    return [
        name_of(name) or name_of(kind) or str(row)
        for name, kind, row in zip(names, kinds, layer.index, strict=True)
    ]


def _opened(image: Any) -> Any:
    return vegetation(image.spec, **image.how) if isinstance(image, _Dated) else image


def _given(image: Any) -> Any:
    return image.spec if isinstance(image, _Dated) else image


def _day(image: Any) -> str:
    return image.date.isoformat() if isinstance(image, ImageSpec) and image.date else ""
