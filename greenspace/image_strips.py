"""Image strips: a city's newest image measured in parts, wherever each of them is read.

Question   How do several processes read one image and give the digits of a single one?
Enters     A city or its manifest; then one part after another, in any order.
Leaves     An ImageStrips for `pipeline.check_from`.
Elsewhere  The check itself: pipeline. What is held: image_held. Tasks and workers: province.

Four passes go over a whole image: the histogram of Otsu's method, the sums over the places of
the city, the picture and its colours. They are cut on borders of the image's own windows. Whatever reads
less, such as parcels, roads or an earlier image, stays with the check.
"""

from __future__ import annotations

import pickle
from copy import deepcopy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from greenspace.chips import colouring
from greenspace.errors import GreenspaceError, InputError
from greenspace.image_held import (
    ImageStrips,
    MadeFor,
    decided,
    digest,
    digest_of_overlays,
    incomplete,
    rule_of,
)
from greenspace.imagery import vegetation
from greenspace.measure.zonal import ZoneShares, window_sums
from greenspace.pipeline import DEFAULT_STANDARD, city_of
from greenspace.prepare.colours import colour_rows
from greenspace.prepare.corrections import Corrected
from greenspace.prepare.decision import fixed
from greenspace.prepare.picture import has_picture, picture_rows
from greenspace.prepare.vegetation import Vegetation
from greenspace.read.block_cache import few_blocks_kept
from greenspace.read.definitions import read_profile, split_standard
from greenspace.survey import Survey
from greenspace.tally import coverage_by_layer

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    import geopandas as gpd
    from numpy.typing import NDArray

    from greenspace.cover import Cover
    from greenspace.image_held import Image
    from greenspace.measure.zonal import WindowSums
    from greenspace.model.city import City
    from greenspace.model.grid import GreenRaster, Grid
    from greenspace.model.notes import Notes
    from greenspace.prepare.colours import ColourRows
    from greenspace.prepare.corrections import Overlay
    from greenspace.prepare.decision import Decision
    from greenspace.prepare.picture import PictureRows

PART_PIXELS = 2**27


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class StripPlan:
    """What a part needs to be measured: the image as it was opened, not its pixels.

    Attributes
    ----------
    image
        Its headers and paths; each part opens the files anew.
    overlays
        What is laid over it, for the picture.
    zones
        Whose pixels are summed, in the CRS of the image.
    rows
        Of each part, the first row and the one after the last.
    made_for
        The only question that the parts answer.
    decision
        The threshold, where no histogram is needed for it.
    """

    image: Image
    overlays: tuple[Overlay, ...]
    zones: gpd.GeoSeries
    rows: tuple[tuple[int, int], ...]
    made_for: MadeFor
    decision: Decision | None

    @property
    def parts(self) -> int:
        """How many parts there are; they are numbered from 0."""
        return len(self.rows)

    @property
    def needs_threshold(self) -> bool:
        """Whether every part has to be counted before any is measured."""
        return isinstance(self.image, Vegetation) and self.decision is None

    def fresh(self) -> Image:
        """Return the image with notes of its own."""
        return deepcopy(self.image)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Counted:
    """The histogram of one part, or why there is none."""

    key: str
    part: int
    counts: NDArray[np.int64] | None
    notes: Notes
    error: GreenspaceError | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Settled:
    """The threshold of the whole image, and what was met on the way to it."""

    key: str
    decision: Decision | None
    notes: tuple[Notes, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Part:
    """The sums and picture rows of one part, or why there are none."""

    key: str
    part: int
    sums: tuple[WindowSums, ...] = ()
    summed: Notes | None = None
    picture: PictureRows | None = None
    drawn: Notes | None = None
    colours: ColourRows | None = None
    errors: tuple[GreenspaceError | None, GreenspaceError | None] = (None, None)


def plan_strips(
    city: City | Path | str,
    *,
    standard: str | None = None,
    on_bad_tile: Literal["refuse", "unseen"] | None = None,
    part_pixels: int = PART_PIXELS,
) -> StripPlan | None:
    """Plan how a city's newest image is measured in parts; headers and its border are read.

    Parameters
    ----------
    city
        A City, or the path of its ``city.toml``, which every worker reaches under that path.
    standard, on_bad_tile
        As of `check`.
    part_pixels
        At most so many pixels make a part, or one row of windows where that is more.

    Returns
    -------
    StripPlan or None
        None where nothing is gained: there is no image or no built-up area, the image fits one
        part, or it cannot be opened anew in another process.

    Raises
    ------
    GreenspaceError
        What `check` would say of the same city before it reads the image.
    """
    told = city_of(city, on_bad_tile)
    read_profile(split_standard(standard or told.standard or DEFAULT_STANDARD)[0])
    if not _is_large(told, part_pixels):
        return None
    survey = Survey(told)
    if survey.terrain.built_up is None:
        return None
    image = survey.cover.image
    if image is None or not image.parallel:
        return None
    if not _travels(image):
        return None
    overlays = survey.cover.overlays()
    zones = _zones(survey.cover, image, overlays)
    return StripPlan(
        image=image,
        overlays=overlays,
        zones=zones,
        rows=cut(image.grid, part_pixels),
        made_for=MadeFor(
            grid=image.grid,
            rule=rule_of(told),
            zones=digest(zones),
            overlays=digest_of_overlays(overlays),
        ),
        decision=_known(image),
    )


def _is_large(city: City, part_pixels: int) -> bool:
    """Return whether the image has more than one part, by its header, before layers are prepared."""
    if city.image is None:
        return False
    try:
        grid = vegetation(city.image, **city.vegetation_method.how).grid
    except GreenspaceError:
        return True  # layers may be refused before it
    return len(cut(grid, part_pixels)) > 1


def cut(grid: Grid, part_pixels: int) -> tuple[tuple[int, int], ...]:
    """Return the rows of parts of about one height, each of whole windows of a grid.

    Examples
    --------
    >>> from affine import Affine
    >>> from greenspace.model.grid import Grid
    >>> cut(Grid(1000, 1100, Affine.identity(), None, 256, 256), 600_000)
    ((0, 512), (512, 1024), (1024, 1100))
    """
    firsts = sorted({window.row for window in grid.windows()})
    high = firsts[1] if len(firsts) > 1 else grid.height
    most = max(1, part_pixels // (high * grid.width))
    each = -(-len(firsts) // -(-len(firsts) // most))
    starts = firsts[::each]
    return tuple(zip(starts, [*starts[1:], grid.height], strict=True))


def count_part(plan: StripPlan, part: int) -> Counted:
    """Return the histogram of one part; asked for where `plan.needs_threshold`.

    What the image refuses is carried along, so that the first of several refusals is raised
    whichever part came first.
    """
    image, counts, error = plan.fresh(), None, None
    try:
        with few_blocks_kept(image.grid):
            counts = image.histogram(plan.rows[part]) if isinstance(image, Vegetation) else None
    except GreenspaceError as refusal:
        error = _alone(refusal)
    key = plan.made_for.key
    return Counted(key=key, part=part, counts=counts, notes=image.notes(), error=error)


def settle(plan: StripPlan, counted: Iterable[Counted] = ()) -> Settled:
    """Return the threshold of the whole image.

    Raises
    ------
    RasterError
        Its histogram has no valley, or a part could not be counted.
    InputError
        Counts are missing, or of another plan.
    """
    if not plan.needs_threshold:
        return Settled(key=plan.made_for.key, decision=plan.decision, notes=(plan.image.notes(),))
    every = _ordered(plan, counted)
    _raise_first([each.error for each in every])
    counts = np.sum([each.counts for each in every], axis=0)
    image = plan.image
    decision = image.decision_of(counts) if isinstance(image, Vegetation) else None
    notes = tuple(each.notes for each in every)
    return Settled(key=plan.made_for.key, decision=decision, notes=notes)


def measure_part(plan: StripPlan, settled: Settled, part: int, *, threads: int = 1) -> Part:
    """Return what one part adds to the places of a city and to its picture.

    Parameters
    ----------
    plan, settled
        Of the whole image.
    part
        Its number, from 0.
    threads
        How many threads sum its windows. The digits do not depend on it.
    """
    key = plan.made_for.key
    if settled.key != key:
        raise incomplete()
    image, rows = decided(plan.fresh(), settled.decision), plan.rows[part]
    with few_blocks_kept(image.grid):
        try:
            sums = window_sums(image, plan.zones, rows=rows, threads=threads)
        except GreenspaceError as error:
            return Part(key=key, part=part, errors=(_alone(error), None))
        summed = image.notes()
        picture = None
        try:
            if has_picture(image.grid):
                raster = Corrected(image, plan.overlays) if plan.overlays else image
                picture = picture_rows(raster, rows)
        except GreenspaceError as error:
            return Part(key=key, part=part, sums=sums, summed=summed, errors=(None, _alone(error)))
        drawn = image.notes()
    return Part(
        key=key,
        part=part,
        sums=sums,
        summed=summed,
        picture=picture,
        drawn=drawn,
        colours=None if picture is None else _colours(image, rows),
    )


def gather(plan: StripPlan, settled: Settled, parts: Iterable[Part]) -> ImageStrips:
    """Return what all parts gave, in their order, whichever came first.

    Raises
    ------
    RasterError
        What reading the whole image would have refused first.
    InputError
        Parts are missing, or of another plan.
    """
    every = _ordered(plan, parts)
    if settled.key != plan.made_for.key:
        raise incomplete()
    for refused in (0, 1):
        _raise_first([each.errors[refused] for each in every])
    colours = [part.colours for part in every if part.colours is not None]
    return ImageStrips(
        made_for=plan.made_for,
        decision=settled.decision,
        sums=tuple(each for part in every for each in part.sums),
        picture=tuple(part.picture for part in every if part.picture is not None),
        colours=tuple(colours) if len(colours) == plan.parts else (),
        found=settled.notes,
        summed=tuple(part.summed for part in every if part.summed is not None),
        drawn=tuple(part.drawn for part in every if part.drawn is not None),
    )


def _zones(cover: Cover, image: Image, overlays: tuple[Overlay, ...]) -> gpd.GeoSeries:
    """Return the shapes whose pixels the check will sum, by asking it without reading any."""
    asked: list[gpd.GeoSeries] = []

    def noted(raster: GreenRaster, zones: gpd.GeoSeries, **_: Any) -> ZoneShares:
        del raster
        asked.append(zones)
        return ZoneShares(np.zeros(len(zones)), np.zeros(len(zones)))

    unread = decided(image, fixed(0.0))
    raster = Corrected(unread, overlays) if overlays else unread
    coverage_by_layer(raster, cover.terrain.places, cover.city.crs, share=noted)
    (zones,) = asked
    return zones


def _colours(image: Image, rows: tuple[int, int]) -> ColourRows | None:
    """Return the colours of one part; a band that decides nothing stops no check."""
    found = colouring(image)
    if found is None:
        return None
    reader, colours = found
    try:
        with few_blocks_kept(reader.grid):
            return colour_rows(reader, colours, rows)
    except InputError:
        return None


def _known(image: Image) -> Decision | None:
    """Return the threshold of an image that needs no histogram; field points are read for it."""
    if isinstance(image, Vegetation) and image.threshold != "otsu":
        return image.decision
    return None


def _travels(image: Image) -> bool:
    """Return whether an image can be opened anew in another process: it is paths, not sessions."""
    try:
        pickle.dumps(image)
    except (pickle.PicklingError, TypeError, AttributeError):
        return False
    return True


def _ordered(plan: StripPlan, found: Iterable[Any]) -> Sequence[Any]:
    """Return one of each part, in their order."""
    by_part = {each.part: each for each in found if each.key == plan.made_for.key}
    if set(by_part) != set(range(plan.parts)):
        raise incomplete()
    return [by_part[part] for part in range(plan.parts)]


def _alone(error: GreenspaceError) -> GreenspaceError:
    """Return a refusal without what led to it, which may not go into another process."""
    error.__cause__ = error.__context__ = None
    return error.with_traceback(None)


def _raise_first(errors: Sequence[GreenspaceError | None]) -> None:
    for error in errors:
        if error is not None:
            raise error
