"""Service map: from parks and residential land to tables, layers and maps of what is served.

Question   Which homes do these parks serve, in a straight line and on foot, and which not?
Enters     Files of parks and homes; of paths, gates and zones where there are any; a folder.
Leaves     A ServiceMap; a folder of results, whole or not at all.
Elsewhere  One number in a script: api, walking. A whole city: survey. Words and files: present/.
"""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Final

from greenspace.errors import CrsError, InputError
from greenspace.measure.walk_service import SNAP_M
from greenspace.model.crs import parse_crs
from greenspace.model.service_map import ServiceMap
from greenspace.model.tiers import CHECK_UP, CHECK_UP_TIERS, require_tiers, tiers_at
from greenspace.model.words import Text
from greenspace.prepare.gates import EVERY_M
from greenspace.present.asked import as_told, files_among
from greenspace.present.folder import check_target, folder_beside, replace_folder
from greenspace.present.service_files import write_service_files
from greenspace.present.write import write_run
from greenspace.read.definitions import read_profile, split_standard
from greenspace.read.vector import read_layer
from greenspace.service_ground import ServiceGround

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date
    from pathlib import Path

    import geopandas as gpd

    from greenspace.model.coverage_map import LayerFile
    from greenspace.model.definition import Tiers
    from greenspace.model.words import Language

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
    paths: LayerFile | None = None,
    entrances: LayerFile | None = None,
    barriers: LayerFile | None = None,
    snap_m: float | None = None,
    edge_every_m: float | None = None,
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
    paths, entrances, barriers, snap_m, edge_every_m
        As in `walking.network_service_coverage`; without paths nothing is walked.
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
    _require_paths(paths, entrances, barriers, snap_m, edge_every_m)
    files = {
        "parks": (parks, park_name),
        "residential": (residential, block_name),
        "zones": (zones, zone_name),
        "paths": (paths, None),
        "entrances": (entrances, None),
        "barriers": (barriers, None),
    }
    say(0, 3, READING)
    layers = {
        layer: _read(file, input_crs, name=name)
        for layer, (file, name) in files.items()
        if file is not None
    }
    say(1, 3, REACHING)
    found = ServiceGround(
        layers,
        steps,
        note,
        crs=None if crs is None else parse_crs(crs),
        population=population,
        point_radius_m=point_radius_m,
    )
    snap = SNAP_M if snap_m is None else snap_m
    every = EVERY_M if edge_every_m is None else edge_every_m
    if paths is not None:
        say(2, 3, WALKING)
        found.walk(snap_m=snap, every_m=every)
    return ServiceMap(
        ratios=found.ratios,
        zones=found.zones,
        parks=found.parks,
        blocks=found.blocks,
        ground=found.ground,
        tiers=steps,
        tiers_note=note,
        snap_m=None if paths is None else snap,
        findings=found.findings,
        taken=taken,
        files=files_among(str(parks.path), *(file for file, _ in files.values())),
        asked=as_told(
            {
                **{layer: file for layer, (file, _) in files.items()},
                "standard": standard,
                "tiers": [list(step) for step in steps],
                "population": population,
                "park_name": park_name,
                "block_name": block_name,
                "zone_name": zone_name,
                "point_radius_m": point_radius_m,
                "snap_m": None if paths is None else snap,
                "edge_every_m": None if paths is None else every,
                "crs": crs,
                "input_crs": input_crs,
                "date": taken,
            }
        ),
    )


def _require_paths(paths: LayerFile | None, *walking: object) -> None:
    """Refuse options of walking where there is nothing to walk on."""
    if paths is None and any(item is not None for item in walking):
        raise InputError(
            "没有给出步行路，出入口、障碍和步行距离无处可用。",
            "There are no paths: entrances, barriers and distances on foot have no use.",
            remedy=Text(
                zh="请加 --paths 图层，或去掉步行的选项。",
                en="Add a layer with --paths, or leave the options of walking out.",
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


def require_free(folder: Path, files: tuple[Path, ...], *, force: bool) -> None:
    """Refuse a folder for results that may not be written, before anything is computed.

    Raises
    ------
    InputError
        As `write_map` would.
    """
    target = folder.expanduser().resolve()
    check_target(target, force=force, protected=files)
    with folder_beside(target):  # it can be written, and nothing of it stays
        pass


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
