"""Service map: from parks and residential land to tables, layers and maps of what is served.

Question   Which homes do these parks serve, in a straight line and on foot, and which not?
Enters     Files of parks and homes; of paths, gates and zones where there are any; a folder.
Leaves     A ServiceMap; a folder of results, whole or not at all.
Elsewhere  One number in a script: api, walking. A whole city: survey. Words and files: present/.
"""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from greenspace.errors import CrsError, InputError
from greenspace.measure import service
from greenspace.measure.nearest import nearest_parks
from greenspace.measure.park_gain import contributions
from greenspace.measure.residents import STRAIGHT, persons_served, residents_served
from greenspace.model.crs import parse_crs
from greenspace.model.service_map import ServiceMap
from greenspace.model.tiers import CHECK_UP, CHECK_UP_TIERS, require_tiers, tier_source, tiers_at
from greenspace.model.words import Text
from greenspace.prepare.blocks import disjoint_blocks
from greenspace.prepare.park_points import parks_ready
from greenspace.prepare.ready import Ready, length_findings
from greenspace.present.asked import as_told, files_among
from greenspace.present.folder import check_target, replace_folder
from greenspace.present.service_files import write_service_files
from greenspace.present.write import write_run
from greenspace.read.definitions import read_profile, split_standard
from greenspace.read.vector import read_layer
from greenspace.remarks import cut_park_findings
from greenspace.residents import residents_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date
    from pathlib import Path

    from numpy.typing import NDArray

    from greenspace.model.coverage_map import LayerFile
    from greenspace.model.definition import Tiers
    from greenspace.model.words import Language

    Floats = NDArray[np.float64]
    Progress = Callable[[int, int, Text], None]

BY_HAND: Final = Text(zh="由 --tiers 给出", en="given with --tiers")
READING: Final = Text(zh="读取图层", en="reading layers")
REACHING: Final = Text(zh="量算服务半径", en="measuring service radii")
WALKING: Final = Text(zh="量算步行距离", en="measuring ways on foot")
DRAWING: Final = Text(zh="写出表格与地图", en="writing tables and maps")


def measure_service(
    parks: LayerFile,
    residential: LayerFile,
    *,
    standard: str | None = None,
    tiers: Tiers | None = None,
    population: str | None = None,
    zones: LayerFile | None = None,
    park_name: str | None = None,
    block_name: str | None = None,
    zone_name: str | None = None,
    point_radius_m: float | None = None,
    crs: str | None = None,
    input_crs: str | None = None,
    taken: date | None = None,
    progress: Progress | None = None,
) -> ServiceMap:
    """Measure what parks serve of residential land.

    Parameters
    ----------
    standard, tiers
        Whose tiers hold, or which; of neither: those of `api.service_coverage`.
    population
        The column of `residential` that counts persons, or a raster of persons a pixel.
    park_name, block_name, zone_name
        Columns of names; default: ``name``, where there is one.
    point_radius_m
        Parks that are points are entrances that serve so far.
    crs
        Measuring CRS.
    input_crs
        Of files that have none.
    taken
        The date of the data.

    Raises
    ------
    InputError
        Both a standard and tiers are given, or a layer cannot be read or measured.
    DefinitionError
        There is no such standard.
    """
    say = progress or _quiet
    steps, note = _tiers_of(standard, tiers)
    say(0, 3, READING)
    homes = _read(residential, input_crs, name=block_name)
    green = _read(parks, input_crs, name=park_name)
    places = None if zones is None else _read(zones, input_crs, name=zone_name)
    ready = Ready(None if crs is None else parse_crs(crs), homes, "residential")
    blocks, shared = disjoint_blocks(ready.layer(homes, "residential", overlaps=False))
    park_ground, points = parks_ready(green, ready, point_radius_m=point_radius_m)
    say(1, 3, REACHING)
    reach = service.reach_of(
        park_ground.geometry, blocks.geometry, steps, point_radius_m=point_radius_m
    )
    sources = (*ready.sources, tier_source(steps, note))
    ratios = {service.INDICATOR: service.service_coverage(reach).with_sources(*sources)}
    facts = _block_facts(blocks, reach, _named(park_ground))
    people = None if population is None else residents_of(blocks, population, ready)
    if people is not None:
        whole = (people.persons, reach.served_m2, reach.block_m2)
        facts["persons"], facts["persons_served"] = people.persons, persons_served(*whole)
        ratios[STRAIGHT] = residents_served(*whole, ready.crs)
    tables = {}
    ground = {"service_area": reach.area, "served": reach.served, "unserved": reach.unserved}
    layers = {name: _pieces(shape, ready) for name, shape in ground.items()}
    if places is not None:
        outlines = ready.zones(places)
        tables[service.INDICATOR] = service.service_coverage_by_zone(reach, outlines)
        layers["zones"] = _named(outlines)
    read = (frame for frame in (homes, green, places) if frame is not None)
    return ServiceMap(
        ratios=ratios,
        zones=tables,
        zone_names=() if places is None else tuple(_names(places)),
        parks=_park_facts(park_ground, reach),
        blocks=facts,
        ground=layers,
        tiers=steps,
        tiers_note=note,
        findings=(
            *(found for frame in read for found in frame.attrs.get("findings", ())),
            *ready.findings,
            *shared,
            *points,
            *(() if people is None else people.findings),
            *length_findings(ready.crs, blocks),
            *cut_park_findings(service.cut_parks(park_ground.geometry, steps)),
        ),
        taken=taken,
        files=files_among(str(parks.path), residential, zones),
        asked=as_told(
            {
                "parks": parks,
                "residential": residential,
                "standard": standard,
                "tiers": [list(step) for step in steps],
                "population": population,
                "zones": zones,
                "park_name": park_name,
                "block_name": block_name,
                "zone_name": zone_name,
                "point_radius_m": point_radius_m,
                "crs": crs,
                "input_crs": input_crs,
                "date": taken,
            }
        ),
    )


def _tiers_of(standard: str | None, tiers: Tiers | None) -> tuple[Tiers, Text]:
    """Return the tiers that hold, and where they stand."""
    if standard is not None and tiers is not None:
        raise InputError(
            "--standard 与 --tiers 只能给其一：标准自有分级。",
            "Name a standard or tiers, not both: a standard brings tiers of its own.",
            remedy=Text(zh="请去掉其一。", en="Leave one of --standard and --tiers out."),
            found=(standard, tiers),
        )
    if tiers is not None:
        return require_tiers(tiers), BY_HAND
    if standard is None:
        return CHECK_UP_TIERS, CHECK_UP
    name, level = split_standard(standard)
    steps, note = tiers_at(read_profile(name), level)
    if note is CHECK_UP:
        return steps, Text(
            zh=f"{standard} 未规定分级，按{CHECK_UP.zh}",
            en=f"{standard} states no tiers; those of the {CHECK_UP.en}",
        )
    return steps, Text(zh=f"{standard}：{note.zh}", en=f"{standard}: {note.en}")


def _read(file: LayerFile, crs: str | None, *, name: str | None = None) -> gpd.GeoDataFrame:
    columns = None if name is None else {"name": name}
    try:
        return read_layer(file.path, layer=file.layer, columns=columns)
    except CrsError:
        if crs is None:
            raise
        return read_layer(file.path, layer=file.layer, columns=columns, crs=crs)


def _names(frame: gpd.GeoDataFrame) -> list[str]:
    names = frame.get("name", pd.Series("", index=frame.index)).fillna("")
    return [str(name) for name in names]


def _named(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return rows, names and shapes alone."""
    facts = {"row": list(frame.index), "name": _names(frame)}
    return gpd.GeoDataFrame(facts, geometry=frame.geometry.to_numpy(), crs=frame.crs)


def _pieces(shape: Any, ready: Ready) -> gpd.GeoDataFrame:
    parts = shapely.get_parts(shape)
    parts = parts[shapely.area(parts) > 0]
    return gpd.GeoDataFrame({"area_m2": shapely.area(parts)}, geometry=parts, crs=ready.crs)


def _park_facts(parks: gpd.GeoDataFrame, reach: service.Reach) -> gpd.GeoDataFrame:
    facts = _named(parks)
    facts["area_m2"] = facts.geometry.area
    facts["radius_m"] = reach.radius
    facts["alone_m2"] = contributions(reach)
    return facts


def _block_facts(
    blocks: gpd.GeoDataFrame, reach: service.Reach, parks: gpd.GeoDataFrame
) -> gpd.GeoDataFrame:
    facts = _named(blocks)
    facts["area_m2"], facts["served_m2"] = reach.block_m2, reach.served_m2
    facts["unserved_m2"] = reach.block_m2 - reach.served_m2
    facts["served_share"] = _share(reach.served_m2, reach.block_m2)
    with_radius = parks[reach.radius > 0]
    metres, nearest = nearest_parks(with_radius.geometry.to_numpy(), blocks.geometry.to_numpy())
    facts["park_m"] = metres
    for column, told in (("park", "name"), ("park_row", "row")):
        known = [*with_radius[told], None]  # -1: there is none
        facts[column] = pd.Series([known[place] for place in nearest], dtype=object)
    return facts


def _share(part: Floats, whole: Floats) -> Floats:
    share = np.full(len(whole), np.nan)
    np.divide(part, whole, out=share, where=whole > 0)
    return share


def require_free(folder: Path, files: tuple[Path, ...], *, force: bool) -> None:
    """Refuse a folder for results that may not be written, before anything is computed.

    Raises
    ------
    InputError
        As `write_map` would.
    """
    check_target(folder.expanduser().resolve(), force=force, protected=files)


def write_map(
    service: ServiceMap,
    folder: Path,
    *,
    force: bool = False,
    language: Language = "zh",
    progress: Progress | None = None,
) -> Path:
    """Write tables, layers, maps and run.json into a folder, whole or not at all.

    Raises
    ------
    InputError
        The folder is not empty, holds inputs or files of others, or cannot be written.
    """
    say = progress or _quiet
    say(0, 1, DRAWING)
    fill = partial(_fill, service, language)
    return replace_folder(folder, fill, force=force, protected=service.files)


def _fill(service: ServiceMap, language: Language, folder: Path) -> None:
    write_service_files(service, folder, language)
    write_run({**service.asked, "lang": language}, folder, datetime.now(UTC))


def _quiet(done: int, steps: int, step: Text) -> None:
    del done, steps, step
