"""Cover: the vegetation of one city, by each witness that the city brings.

Question   How green is this city's ground by its image, and by its polygons?
Enters     The Terrain of a city.
Leaves     Tables over `terrain.places`, findings, and a picture for maps.
Elsewhere  Other numbers of a city: survey. An image alone: imagery.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

import shapely

from greenspace import remarks
from greenspace.alignment import alignment_findings
from greenspace.assessment import assess_matrix, assess_places
from greenspace.errors import InputError
from greenspace.imagery import vegetation
from greenspace.measure import coverage
from greenspace.measure.areas import covered, covered_area
from greenspace.measure.storeys import INDICATOR, tree_shrub_share_by_zone
from greenspace.measure.zonal import share_of_zones
from greenspace.model.quantity import RatioTable
from greenspace.model.source import finding_of
from greenspace.model.words import Text
from greenspace.prepare.corrections import (
    Corrected,
    Overlay,
    canopy_overlay,
    corrections_overlay,
)
from greenspace.prepare.land_cover import LandCover
from greenspace.prepare.picture import reduced_picture
from greenspace.prepare.storeys import woody_rows
from greenspace.read.block_cache import few_blocks_kept
from greenspace.storeys import share_of_classes
from greenspace.tally import coverage_by_layer, coverage_of_zones

if TYPE_CHECKING:
    from collections.abc import Iterable

    import geopandas as gpd

    from greenspace.image_held import ImageStrips
    from greenspace.model.check import Picture
    from greenspace.model.grid import GreenRaster
    from greenspace.model.source import Finding, Source
    from greenspace.prepare.vegetation import Vegetation
    from greenspace.terrain import Terrain

FROM_IMAGE = Text(zh="影像", en="image")
NO_STOREYS = Text(
    zh='没有分层的植被图层（[layers.vegetation] columns = { layer = "…" }）或分类栅格；'
    "也可在 [supplied] 中填报。",
    en='No vegetation layer tells trees and shrubs ([layers.vegetation] columns = { layer = "…" })'
    " and no class raster does; the city may also supply the number under [supplied].",
)
NO_STOREYS_IN_IMAGE = Text(
    zh="影像上的绿没有分层：植被图层之外的那部分判定的绿是乔木、灌木还是草地，无从得知。"
    '若植被图层是完整的解译，可用 source = "layer" 以它为准；也可在 [supplied] 中填报。',
    en="The image's green tells no layers: how much of the judged green beside the vegetation layer "
    'is trees and shrubs is not known. Where that layer is a complete interpretation, source = "layer" '
    "judges by it; the city may also supply the number under [supplied].",
)
NO_STOREYS_IN_LAYER = Text(
    zh='叠加的植被图层没有分层（columns = { layer = "…" }）：判定的绿有一部分不知是乔木、灌木还是草地。',
    en="The vegetation layer laid over the class raster tells no layers "
    '(columns = { layer = "…" }): part of the judged green is of no known layer.',
)
COMPLETE = 0.10  # how far the green of a complete interpretation may lie from the judged green
NO_STOREYS_IN_CORRECTIONS = Text(
    zh="修正图层增加的绿没有说明是乔木、灌木还是草地：判定的绿有一部分层次不明。",
    en="The corrections add green that tells no layer: part of the judged green is of no known "
    "layer.",
)
NO_VEGETATION = Text(
    zh="清单中既没有影像（[[image]]）也没有植被图层（[layers.vegetation]）。",
    en="The manifest has neither an image ([[image]]) nor [layers.vegetation].",
)
OF_CITY = Text(
    zh="核查点评价的是全市和各区，没有用于这些小区域。",
    en="The reference points assess the city and its districts, not such small zones.",
)
FROM_BOTH = Text(zh="影像和植被图层", en="image and vegetation layer")
FROM_POLYGONS = Text(zh="植被图层", en="vegetation layer")
OTHER_MAP = Text(
    zh="误差矩阵只针对用于判定的图，不针对此图。",
    en="The error matrix is of the map that is judged, not of this one.",
)


@dataclass(frozen=True, slots=True)
class Witness:
    """What one witness says: a table over `terrain.places`, judged or shown beside."""

    table: RatioTable
    label: Text
    judged: bool


class Cover:
    """Vegetation of a city with a built-up area, measured from all that shows it.

    Attributes
    ----------
    strips
        What parts of the image gave already, where it was read in parts.
    picture
        Of the image, once it is measured.
    """

    def __init__(self, terrain: Terrain, strips: ImageStrips | None = None) -> None:
        self.terrain = terrain
        self.strips = strips
        self.city = terrain.city
        self.picture: Picture | None = None
        self._judged: RatioTable | None = None
        self._findings: dict[Finding, None] = {}

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Everything noticed so far, each once."""
        return tuple(self._findings)

    @cached_property
    def image(self) -> Vegetation | LandCover | None:
        """Where the newest image is green; read when it is measured."""
        image, method = self.city.image, self.city.vegetation_method
        if image is None:
            return None
        green = vegetation(image, **method.how)
        self.terrain.require_overlap(green.grid.bounds, green.grid.crs, str(image.name))
        return green if self.strips is None else self.strips.image_of(green)

    @property
    def polygons(self) -> gpd.GeoDataFrame | None:
        """The layer of interpreted vegetation, as it was read."""
        return self.city.layers.get("vegetation")

    def witnesses(self) -> tuple[Witness, ...]:
        """Return green coverage by each way to see it; one is judged, none where none is there.

        By the image alone, with the vegetation layer beside it where the manifest says so, with
        corrections laid over; and by the vegetation layer alone.
        """
        image, polygons = self.image, self.polygons
        by_polygons = polygons is not None and (
            image is None or self.city.vegetation_method.source == "layer"
        )
        found = [] if image is None else self._of_image(image, judged=not by_polygons)
        table = self._of_polygons
        if polygons is not None and table is not None:
            table = self._assessed(polygons, table, judged=by_polygons)
            found.append(Witness(table, FROM_POLYGONS, by_polygons))
        return tuple(found)

    def overlays(self) -> tuple[Overlay, ...]:
        """Return what is laid over the image, the lowest first.

        Raises
        ------
        ColumnError
            A correction says neither add nor remove.
        """
        found = []
        if self.polygons is not None and self.city.vegetation_method.source == "both":
            found.append(canopy_overlay(self.polygons, "vegetation"))
        corrections = self.city.layers.get("corrections")
        if corrections is not None:
            found.append(corrections_overlay(corrections))
        return tuple(found)

    def _of_image(self, image: GreenRaster, *, judged: bool) -> list[Witness]:
        """Return the image alone, then with each overlay; only the last can be judged."""
        overlays = self.overlays()
        raster = Corrected(image, overlays) if overlays else image
        share = share_of_zones if self.strips is None else self.strips.share_of_zones
        tables = coverage_by_layer(raster, self.terrain.places, self.city.crs, share=share)
        labels = [FROM_IMAGE]
        roles = ["built_up"]
        for overlay in overlays:
            labels.append(FROM_BOTH if overlay.name == "vegetation" else _corrected(labels[-1]))
            roles.append(overlay.name)
        last = tables[-1]
        self._note(last.findings)
        if self.city.image is not None:
            self._note(remarks.image_findings(self.city.image.date, image.grid))
            self._note(alignment_findings(image, self.city.layers, self.city.image.name))
        self._note(remarks.unseen_findings(last.ratio(0)))
        self._note(remarks.overlay_findings([table.ratio(0) for table in tables], labels))
        self.picture = self._pictured(raster)
        found = []
        for i, (table, label) in enumerate(zip(tables, labels, strict=True)):
            inputs = (*self.city.sources(*roles[: i + 1]), *self._image_sources())
            sourced = table.sourced(inputs + image.sources[1:])
            under = Corrected(image, overlays[:i]) if i else image
            chosen = judged and table is last
            self._judged = table if chosen else self._judged
            found.append(Witness(self._assessed(under, sourced, judged=chosen), label, chosen))
        return found

    def _pictured(self, raster: GreenRaster) -> Picture | None:
        if self.strips is not None:
            return self.strips.picture_of(raster)
        with few_blocks_kept(raster.grid):
            return reduced_picture(raster)

    @cached_property
    def plants(self) -> gpd.GeoDataFrame | None:
        """The vegetation layer, ready to be measured."""
        if self.polygons is None:
            return None
        return self.terrain.ready.layer(self.polygons, "vegetation", overlaps=False)

    @cached_property
    def _of_polygons(self) -> RatioTable | None:
        if self.plants is None:
            return None
        table = coverage.polygon_coverage(self.plants.geometry, self.terrain.places)
        return table.sourced(self.city.sources("vegetation", "built_up"))

    def _assessed(self, vegetation: Any, table: RatioTable, *, judged: bool) -> RatioTable:
        """Return coverage with what the city's reference points or its error matrix say of it.

        An error matrix speaks of one map, the judged one; points speak of any.
        """
        record = self.city.accuracy
        if record is None:
            return table
        if record.points is not None:
            found = assess_places(vegetation, table, self.terrain.places, record.points)
            table, findings = found.table, found.findings
        elif judged:
            table, findings = assess_matrix(table, record)
        else:
            return table.assessed([OTHER_MAP] * len(table))
        if judged:
            self._note(findings)
        return table.sourced((*table.sources, *self.city.sources("reference")))

    def storeys(self) -> RatioTable | Text:
        """Return the share of trees and shrubs in the judged green, or why it cannot be told.

        Every part of the judged green has to tell its layer: polygons that are judged, a class
        raster with or without polygons over it; or polygons beside an image that show about as
        much green as it does.
        """
        try:
            return self._storeys()
        except InputError as error:
            self._note([replace(finding_of(error), severity="warning", indicators=(INDICATOR,))])
            return error.problem

    def _storeys(self) -> RatioTable | Text:
        image, plants = self.image, self.plants
        told = plants is not None and "layer" in plants.columns
        both = plants is not None and self.city.vegetation_method.source == "both"
        by_image = image is not None and self.city.vegetation_method.source != "layer"
        if by_image and isinstance(image, LandCover) and (both or image.tells_layers or not told):
            return self._of_classes(image, plants if both else None)
        if not told:
            return NO_STOREYS
        if by_image and both:
            return NO_STOREYS_IN_IMAGE
        return self._of_layer(beside=by_image)

    def _of_classes(self, image: LandCover, plants: gpd.GeoDataFrame | None) -> RatioTable | Text:
        """Return the share by a class raster, with plants over it where they are judged."""
        if plants is not None and "layer" not in plants.columns:
            return NO_STOREYS_IN_LAYER
        left = self._left_by_corrections()
        if left is None:
            return NO_STOREYS_IN_CORRECTIONS
        table = share_of_classes(image, left, self.city.crs, plants=plants)
        table = table.on(self.terrain.places)
        roles: tuple[str, ...] = ("built_up",)
        roles += () if plants is None else ("vegetation",)
        roles += () if left is self.terrain.places else ("corrections",)
        inputs = (*self.city.sources(*roles), *self._image_sources())
        return table.sourced(inputs + image.sources[1:])

    def _left_by_corrections(self) -> gpd.GeoDataFrame | None:
        """Return the places without the ground that is no longer green; None where some is new."""
        corrections, places = self.city.layers.get("corrections"), self.terrain.places
        if corrections is None:
            return places
        overlay = corrections_overlay(corrections)
        frame = self.terrain.ready.layer(overlay.frame, overlay.name, overlaps=False)
        shapes, adds = frame.geometry.to_numpy(), frame["adds"].to_numpy()
        zones = places.geometry.to_numpy()
        if covered_area(shapes[adds], zones).any():
            return None
        removed = covered(shapes[~adds], zones)
        return places.set_geometry(shapely.difference(zones, removed))

    def _of_layer(self, *, beside: bool) -> RatioTable | Text:
        """Return the share by the vegetation layer, judged itself or beside what is judged."""
        plants, every = self.plants, self._of_polygons
        if plants is None or every is None:
            return NO_STOREYS
        woody = plants.geometry[woody_rows(plants, "vegetation")]
        shown = every.ratio(0).value
        if beside and self._judged is not None:
            judged = self._judged.ratio(0)
            if judged.reason is not None:
                return judged.reason
            if abs(shown - judged.value) > COMPLETE * judged.value:
                return _incomplete(shown, judged.value)
        return tree_shrub_share_by_zone(woody, every).sourced(every.sources)

    def green_in(self, zones: gpd.GeoDataFrame) -> RatioTable:
        """Return green coverage of any zones by the witness that is judged for the city.

        Parameters
        ----------
        zones
            Valid polygons in the CRS of the terrain. Each is measured on its own: zones may
            overlap, and a row without a shape has no value.

        Returns
        -------
        RatioTable
            One row a zone, in their order. What an image does not show is unseen, and leaves
            bounds.

        Raises
        ------
        InputError
            The city brings neither an image nor a vegetation layer.
        """
        plants, image = self.plants, self.image
        by_layer = image is None or self.city.vegetation_method.source == "layer"
        if by_layer and plants is not None:
            table = coverage.polygon_coverage(plants.geometry, zones)
            return table.sourced(self.city.sources("vegetation"))
        if image is None:
            raise InputError(NO_VEGETATION.zh, NO_VEGETATION.en)
        overlays = self.overlays()
        raster = Corrected(image, overlays) if overlays else image
        if zones.geometry.is_empty.all():
            nothing = [0.0] * len(zones)
            return RatioTable(
                coverage.INDICATOR, zones, nothing, nothing, "1", zones.crs, unseen=nothing
            )
        table = coverage_of_zones(raster, zones, self.city.crs)
        inputs = self.city.sources(*(overlay.name for overlay in overlays))
        table = table.sourced((*inputs, *self._image_sources(), *image.sources[1:]))
        judged = self.city.accuracy is not None
        return table.assessed([OF_CITY] * len(table)) if judged else table

    def _image_sources(self) -> tuple[Source, ...]:
        image = self.city.image
        files = () if image is None else image.files
        if image is not None and image.mask is not None:
            files = (*files, image.mask.path)
        names = {file.name for file in files}
        every = self.city.sources("image", "mask")
        own = (source for source in every if PurePath(source.name).name in names)
        return (*own, *self.city.sources("classes"))

    def _note(self, findings: Iterable[Finding]) -> None:
        self._findings |= dict.fromkeys(findings)


def _corrected(label: Text) -> Text:
    return Text(zh=f"{label.zh}（经修正）", en=f"corrected {label.en}")


def _incomplete(shown: float, green: float) -> Text:
    return Text(
        zh=f"植被图层的绿化覆盖率为 {shown:.1%}，判定的为 {green:.1%}，相差超过其 {COMPLETE:.0%}："
        "图层的乔灌木占比不是判定的绿的占比，而影像上的绿没有分层。若图层是完整的解译，可用 "
        'source = "layer" 以它为准；也可在 [supplied] 中填报。',
        en=f"The vegetation layer covers {shown:.1%} of the ground and the judged green {green:.1%}, "
        f"which differ by more than {COMPLETE:.0%} of it: the layer's share of trees and shrubs is not "
        "that of the judged green, and the image's green tells no layers. Where the layer is a "
        'complete interpretation, source = "layer" judges by it; the city may also supply the number '
        "under [supplied].",
    )
