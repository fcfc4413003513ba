"""Validation: everything that is wrong with a city's inputs, found in one pass.

Question   What would a check refuse, change or get wrong, where, and which numbers rest on it?
Enters     A City, or the path of its city.toml.
Leaves     One Inspection; with repairs, where they are asked for.
Elsewhere  Judging: pipeline. Each layer's shapes: prepare/soundness. The command: commands.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import shapely

from greenspace.alignment import alignment_findings
from greenspace.errors import GreenspaceError, InputError
from greenspace.imagery import vegetation
from greenspace.model.city import City
from greenspace.model.crs import is_local
from greenspace.model.inspection import Inspection, Mended, Spot
from greenspace.model.layers import INDICATORS, LAYERS
from greenspace.model.source import Finding, finding_of
from greenspace.model.words import Text
from greenspace.prepare import soundness
from greenspace.prepare.class_names import name_findings
from greenspace.prepare.classify import unknown_code_findings, unlisted_findings
from greenspace.prepare.corrections import corrections_overlay, require_agreement
from greenspace.prepare.mend import JUDGED, mend_layer
from greenspace.prepare.project import to_crs
from greenspace.prepare.ready import Ready
from greenspace.prepare.reference_points import reference_points
from greenspace.read.city import gather_city
from greenspace.read.class_changes import read_class_changes
from greenspace.read.definitions import read_classes, read_indicators, read_profile, split_standard
from greenspace.read.people import disagreement_findings
from greenspace.residents import people_of_places, people_raster
from greenspace.terrain import BUILT_UP, PEOPLE, require_overlap

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from pyproj import CRS

BASES = ("built_up", "districts", "residential", "parks", "green")
SEVERITIES = ("error", "warning", "note")
EDITIONS = {"2002": "2017", "2017": "2002"}
MAY_OVERLAP = {"vegetation", "corrections"}
EVERYTHING = ("built_up", "green", "parks", "residential")


def validate(city_or_path: City | Path | str, *, repair: bool = False) -> Inspection:
    """Find everything that is wrong with a city's inputs, without stopping at the first.

    What `check` would refuse is an ``error``; what it would change, or what may make a number
    wrong, a ``warning``. Nothing is written.

    Parameters
    ----------
    city_or_path
        A City, or the path of its ``city.toml``.
    repair
        Mend the layers too: valid shapes, no repeats, no overlaps, no slivers or thin gaps.
        `check` needs none of it: it counts shared ground once by itself.

    Returns
    -------
    Inspection
        With ``.findings``, ``.table`` and ``.write(folder)``.

    Raises
    ------
    ManifestError
        The manifest is no TOML, so that nothing can be read.

    Examples
    --------
    >>> validate("no/such/city.toml")
    Traceback (most recent call last):
    greenspace.errors.InputError: ...
    """
    if isinstance(city_or_path, City):
        city, left_out = city_or_path, {}
    else:
        city, gathered = gather_city(city_or_path)
        left_out = dict(gathered)
    bench = _Validation(city)
    bench.run()
    mended = bench.mended(left_out) if repair else ()
    return Inspection(
        city=city,
        spots=bench.worst_first(),
        mended=mended,
        unmended=tuple(bench.unmended(mended, left_out)) if repair else (),
        crs=bench.crs,
        indicators=read_indicators(),
    )


class _Validation:
    """The spots of one city, gathered step by step."""

    def __init__(self, city: City) -> None:
        self.city = city
        self.spots: list[Spot] = []
        self.raw: dict[str, gpd.GeoDataFrame] = {}
        self.sound: dict[str, gpd.GeoDataFrame] = {}
        self.crs: CRS | None = None
        self.built_up: Any | None = None

    def run(self) -> None:
        """Look at everything; one thing that cannot be looked at does not hide another."""
        self.take_layers()
        for finding in self.city.findings:
            self.add(finding)
        for name, layer in self.sound.items():
            with self.trying(name):
                self.spots += soundness.of_layer(self.raw[name], layer, name, self.built_up)
        with self.trying("districts"):
            self.spots += soundness.of_districts(self.sound.get("districts"), self.built_up)
        for name in self.city.editions:
            with self.trying(name):
                self.look_at_codes(name)
        with self.trying("parks"):
            self.look_at_parks()
        with self.trying("corrections"):
            self.look_at_corrections()
        with self.trying("reference"):
            self.look_at_reference()
        for image in self.city.images:
            with self.trying("image"):
                self.look_at_image(image)
        with self.trying("population"):
            self.look_at_people()
        with self.trying("manifest"):
            read_profile(split_standard(self.city.standard)[0] if self.city.standard else "CN-2022")
        self.look_for_the_missing()

    @contextmanager
    def trying(self, layer: str) -> Iterator[None]:
        """Keep a refusal as a finding and go on."""
        try:
            yield
        except GreenspaceError as error:
            finding = finding_of(error)
            self.add(replace(finding, layer=layer if layer in LAYERS else finding.layer or layer))

    def add(self, finding: Finding, shapes: gpd.GeoSeries | None = None) -> None:
        """Note a finding, drawn by the rows that it names where nothing else is given."""
        layer = self.sound.get(finding.layer or "")
        if shapes is None and layer is not None and finding.rows:
            named = layer.index.isin(list(finding.rows))
            shapes = layer.geometry[named] if named.any() else None
        self.spots.append(Spot(finding=finding, shapes=shapes))

    def take_layers(self) -> None:
        """Bring every layer into the measuring CRS, as it is and with sound shapes."""
        base = next((name for name in BASES if name in self.city.layers), None)
        ready = None
        if base is not None:
            with self.trying(base):
                ready = Ready(self.city.crs, self.city.layers[base], base)
        if ready is None:
            return
        self.crs = ready.crs
        for name, layer in self.city.layers.items():
            with self.trying(name):
                self.raw[name] = to_crs(layer, ready.crs, name)
                areal = LAYERS[name].kind == "polygon"
                self.sound[name] = (
                    ready.layer(layer, name, overlaps=False) if areal else self.raw[name]
                )
        if "built_up" in self.sound:
            self.built_up = shapely.union_all(self.sound["built_up"].geometry.to_numpy())
        for finding in ready.findings:
            named = finding.layer in self.raw and finding.rows
            shapes = self.raw[finding.layer or ""].geometry if named else None
            self.add(finding, None if shapes is None else shapes[list(finding.rows)])

    def look_at_codes(self, name: str) -> None:
        """Note class codes that the stated edition does not know."""
        layer = self.sound.get(name)
        edition = self.city.editions[name]
        if layer is None or "class" not in layer.columns:
            return
        table, other = read_classes(edition), read_classes(EDITIONS[edition])
        area = layer.geometry.area
        for finding in (
            *unknown_code_findings(layer["class"], table, name),
            *unlisted_findings(layer["class"], table, name),
            *name_findings(layer, table, other, read_class_changes(), name),
        ):
            covered = float(area[list(finding.rows)].sum())
            if finding.severity == "error" or table.role(layer["class"][finding.rows[0]]):
                self.add(replace(finding, area_m2=covered))

    def look_at_parks(self) -> None:
        """Note parks that are no G1 parcel of green, and G1 parcels that are no park."""
        green, parks = self.sound.get("green"), self.sound.get("parks")
        edition = self.city.editions.get("green")
        stood_in = any(item.code == "parks_from_green" for item in self.city.findings)
        if green is None or parks is None or edition is None or stood_in:
            return
        if "class" in green.columns:
            table = read_classes(edition)
            chosen = np.array([table.role(code) == "park" for code in green["class"]])
            self.spots += soundness.of_parks(parks, green[chosen])

    def look_at_reference(self) -> None:
        """Read what the reference points say, as an assessment would."""
        record = self.city.accuracy
        if record is not None and record.points is not None:
            _, findings = reference_points(record.points, record.points.crs)
            for finding in findings:
                self.add(finding)

    def look_at_corrections(self) -> None:
        """Refuse corrections that say neither add nor remove, or both of the same ground."""
        layer = self.sound.get("corrections")
        if layer is not None:
            require_agreement(corrections_overlay(layer).frame, "corrections")

    def look_at_image(self, image: Any) -> None:
        """Note what keeps an image from being read, and ground that it does not reach."""
        green = vegetation(image, **self.city.vegetation_method.how)
        for finding in green.reader.findings():
            self.add(finding)
        if image.date is None and len(self.city.images) == 1:
            self.add(_undated(image.name))
        grid = green.grid
        if grid.crs is None and (self.crs is None or not is_local(self.crs)):
            raise InputError("影像没有坐标系。", "The image has no CRS.", file=image.name)
        if self.built_up is not None and self.crs is not None and grid.crs is not None:
            frame = gpd.GeoDataFrame(geometry=[self.built_up], crs=self.crs)
            moved = to_crs(frame, grid.crs, "built_up").geometry.iloc[0]
            self.spots += soundness.of_extent(self.built_up, moved, grid, self.crs, image.name)
        for finding in alignment_findings(green, self.raw, image.name):
            self.add(finding)

    def look_at_people(self) -> None:
        """Count the persons of a raster as a check does, and note where it knows nothing."""
        raster, built_up, crs = self.city.population_raster, self.built_up, self.crs
        if raster is None:
            return
        reader = people_raster(raster)
        if built_up is None or crs is None:
            return
        grid = reader.grid
        require_overlap(built_up.bounds, crs, grid.bounds, grid.crs, raster.name, what=PEOPLE)
        frame = gpd.GeoDataFrame(geometry=[built_up], crs=crs)
        people = people_of_places(reader, frame, (BUILT_UP,))
        told = people.findings
        if people.city is not None:
            told += disagreement_findings(people.city, self.city.layers.get("districts"))
        for finding in told:
            self.add(finding)

    def look_for_the_missing(self) -> None:
        """Note inputs without which an indicator has no number."""
        lacking = [name for name in EVERYTHING if name not in self.city.layers]
        if not self.city.images and "vegetation" not in self.city.layers:
            lacking.append("image")
        refused = {item.layer for item in self.city.findings if item.severity == "error"}
        for name in lacking:
            if name not in refused:
                self.add(_lacking(name))
        people = self.city.population_raster or self.city.population
        if people is None and not refused & {"districts", "population"}:
            self.add(_lacking("population"))

    def worst_first(self) -> tuple[Spot, ...]:
        """Return errors, then warnings, then notes; the larger ground first; indicators told."""
        told = {}
        for spot in map(self._placed, self.spots):
            item = spot.finding
            told[item.code, item.layer, item.text, item.file, item.rows] = spot
        return tuple(sorted(_joined(told.values()), key=_gravity))

    def _placed(self, spot: Spot) -> Spot:
        """Say which file a finding is about, and which indicators rest on it."""
        finding, home = spot.finding, self.city.manifest.parent
        touched = finding.indicators or INDICATORS.get(finding.layer or "", ())
        file = finding.file
        if file is None:
            named = (item.name for item in self.city.inputs if item.role == finding.layer)
            file = next(named, None)
        elif Path(file).is_relative_to(home):
            file = Path(file).relative_to(home).as_posix()
        return replace(spot, finding=replace(finding, indicators=touched, file=file))

    def mended(self, left_out: Mapping[str, gpd.GeoDataFrame]) -> tuple[Mended, ...]:
        """Return every layer that could be brought into the measuring CRS, repaired."""
        return tuple(
            mend_layer(
                layer,
                name,
                left_out=self._moved(left_out.get(name), name),
                priority=self._priority(name, layer),
                may_overlap=name in MAY_OVERLAP,
            )
            for name, layer in self.raw.items()
        )

    def unmended(
        self, mended: Iterable[Mended], left_out: Mapping[str, gpd.GeoDataFrame]
    ) -> Iterator[Finding]:
        """Yield what a repaired city would lack in silence: what was refused, or has no rows."""
        kept = {item.name for item in mended if len(item.layer)}
        if not kept:
            yield _bare("nothing_mended", NOTHING_MENDED)
        for finding in self.city.findings:
            aside = left_out.get(finding.layer or "")
            dropped = aside is not None and finding.rows and finding.layer in kept - JUDGED
            if dropped and set(finding.rows) <= set(aside.index):  # type: ignore[union-attr]
                continue
            if finding.severity == "error":
                yield finding
        for name in self.city.layers:
            if name not in kept:
                yield _bare("layer_not_mended", NOT_MENDED, name)

    def _moved(self, rows: gpd.GeoDataFrame | None, name: str) -> gpd.GeoDataFrame | None:
        if rows is None or self.crs is None:
            return None
        return rows.set_geometry(rows.geometry.to_crs(self.crs)) if name else rows

    def _priority(self, name: str, layer: gpd.GeoDataFrame) -> Any:
        edition = self.city.editions.get(name)
        if edition is None or "class" not in layer.columns:
            return None
        table = read_classes(edition)
        return lambda rows: np.array([table.priority(code) for code in rows["class"]])


def _joined(spots: Iterable[Spot]) -> Iterator[Spot]:
    """Yield the spots; one refusal of a file that several layers name is one, and names them."""
    same: dict[object, list[Spot]] = {}
    for place, spot in enumerate(spots):
        item = spot.finding
        whole = item.severity == "error" and item.layer and item.file and not item.rows
        same.setdefault((item.code, item.text, item.file) if whole else place, []).append(spot)
    for alike in same.values():
        first = alike[0].finding
        if len(alike) == 1:
            yield alike[0]
            continue
        layers = [str(spot.finding.layer) for spot in alike]
        text = Text(
            zh=f"{first.text.zh}（图层：{'、'.join(layers)}）",
            en=f"{first.text.en} (layers: {', '.join(layers)})",
        )
        touched = tuple(dict.fromkeys(n for spot in alike for n in spot.finding.indicators))
        joined = replace(first, text=text, layer=None, count=len(alike), indicators=touched)
        yield Spot(finding=joined)


def _gravity(spot: Spot) -> tuple[int, float]:
    return SEVERITIES.index(spot.finding.severity), -(spot.finding.area_m2 or 0.0)


NOTHING_MENDED = Text(
    zh="没有可以修复的图层，未写 repaired。",
    en="No layer could be mended: repaired is not written.",
)
NOT_MENDED = Text(
    zh="该图层没有可用的行，或不能转到量算坐标系。",
    en="No row of this layer is left, or it cannot be brought into the measuring CRS.",
)


def _bare(code: str, text: Text, layer: str | None = None) -> Finding:
    return Finding(code=code, text=text, severity="error", layer=layer)


def _undated(name: str) -> Finding:
    text = Text(
        zh=f"影像 {name} 没有写日期，无法判断季节和新旧。",
        en=f"The image {name} has no date: nobody can tell its season, or which image is newer.",
    )
    return Finding(code="undated_image", text=text, severity="warning", layer="image", file=name)


def _lacking(name: str) -> Finding:
    title = (
        LAYERS[name].title
        if name in LAYERS
        else {"image": Text(zh="影像", en="image"), "population": Text(zh="人口", en="population")}[
            name
        ]
    )
    text = Text(
        zh=f"清单没有{title.zh}，有关指标无法评定。",
        en=f"The manifest has no {title.en}: the indicators that rest on it are not assessable.",
    )
    return Finding(code="not_given", text=text, layer=name)
