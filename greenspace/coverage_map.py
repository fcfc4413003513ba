"""Coverage map: from one image and a layer of zones to a table, a map and a mask.

Question   How green are these zones by this image, and which pixels say so?
Enters     An image and how to read it; a layer of zones; a folder.
Leaves     A CoverageMap; a folder of results, whole or not at all.
Elsewhere  Coverage in a script: api. The mask alone: mask_export. A whole city: cover. Words and files: present/.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from inspect import signature
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from greenspace.assessment import assess
from greenspace.errors import InputError, RasterError
from greenspace.field_check import CLASSES, draw_reference_sample
from greenspace.imagery import green_shares, vegetation
from greenspace.mask_export import require_shown
from greenspace.model.coverage_map import CoverageMap, LayerFile
from greenspace.model.crs import parse_crs
from greenspace.model.source import Finding
from greenspace.model.words import Text
from greenspace.prepare.corrections import laid_over
from greenspace.prepare.crop import crop_to
from greenspace.prepare.land_cover import LandCover
from greenspace.prepare.picture import reduced_picture
from greenspace.prepare.vectorise import GreenClasses, patches_of
from greenspace.prepare.vegetation import Vegetation
from greenspace.present.asked import as_told, files_among
from greenspace.present.coverage_files import write_coverage_files
from greenspace.present.field_sheet import POINTS_FILE, SHEET_FILE
from greenspace.present.folder import BY_HAND, check_target, replace_folder
from greenspace.present.hand_layers import CORRECTIONS, PATCHES, write_hand_layers
from greenspace.present.mask_file import write_mask_file
from greenspace.present.write import write_run
from greenspace.read.block_cache import few_blocks_kept
from greenspace.read.field_sheet import SUFFIX, read_field_sheet
from greenspace.read.vector import read_layer
from greenspace.remarks import image_findings, reused_points
from greenspace.tally import corrected, coverage_of_zones, zones_on_raster

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date
    from pathlib import Path

    import geopandas as gpd

    from greenspace.model.grid import GreenRaster
    from greenspace.model.quantity import Ratio, RatioTable
    from greenspace.model.words import Language

    Progress = Callable[[int, int, Text], None]

NAMES: Final = {1: "green"}
MASK: Final = "vegetation.tif"
SMALLEST_M2: Final = 100.0
RULE: Final = "vegetation rule"
ONE_BAND: Final = 1
OF_ANY_RASTER: Final = {"nodata", "mask", "on_bad_tile"}
FIELD_CHECK: Final = "field_check"
FOR_HANDS: Final = (
    CORRECTIONS,
    PATCHES,
    f"{FIELD_CHECK}/{POINTS_FILE}",
    f"{FIELD_CHECK}/{SHEET_FILE}",
)
NOBODY_WENT = Text(
    zh="没有参考点，故无误差校正估计和区间。请用 --draw-sample 抽取，实地核查后用 --reference 给出。",
    en="There are no reference points, so there is no error-adjusted estimate and no interval. "
    "Draw some with --draw-sample, visit them, and give them back with --reference.",
)
READING = Text(zh="读取影像与分区", en="reading image and zones")
THRESHOLD = Text(zh="寻找阈值", en="finding the threshold")
SUMMING = Text(
    zh="逐像元统计（首次运行先编译，约数秒）",
    en="summing pixels (the first run compiles for some seconds)",
)
DRAWING = Text(zh="绘图", en="drawing")
DRAWN = Text(zh="抽取核查点", en="drawing points to visit")
OUTLINING = Text(zh="勾绘植被斑块", en="outlining patches")
MASKING = Text(zh="写出掩膜", en="writing the mask")


def measure_map(
    image: str | Mapping[str, str],
    zones: LayerFile,
    *,
    zone_name: str | None = None,
    zones_crs: str | None = None,
    image_crs: str | None = None,
    crs: str | None = None,
    taken: date | None = None,
    corrections: LayerFile | None = None,
    canopy: LayerFile | None = None,
    reference: LayerFile | None = None,
    progress: Progress | None = None,
    **how: Any,
) -> CoverageMap:
    """Measure the green coverage of a layer of zones by one image.

    Parameters
    ----------
    zones
        `zone_name` is the column of names.
    zones_crs, image_crs
        Of files that have none.
    crs
        Measuring CRS.
    taken
        The date of the image.
    corrections, canopy
        Layers of polygons to lay over the image, as in `tally.corrected`.
    reference
        Points that somebody visited, as in `assessment.assess`: for intervals.
    how
        As in `imagery.vegetation`.

    Raises
    ------
    InputError
        As `read_layer`, `vegetation`, `green_shares` and `green_coverage`.
    """
    say = progress or _quiet
    say(0, 3, READING)
    columns = None if zone_name is None else {"name": zone_name}
    ground = read_layer(zones.path, layer=zones.layer, crs=zones_crs, columns=columns)
    given = {name: value for name, value in how.items() if value is not None}
    green = _green(image, image_crs, given)
    over = {"corrections": corrections, "canopy": canopy}
    layers = {name: _read(file) for name, file in over.items() if file is not None}
    raster: GreenRaster = corrected(green, **layers) if layers else green
    say(1, 3, THRESHOLD)
    green.sources  # noqa: B018  - found now, to be said as a step of its own
    say(2, 3, SUMMING)
    table, whole, told = _measured(raster, ground, reference, how.get("threshold"), crs, say)
    total, no_total = None, None
    try:
        total = table.total() if whole is None else whole
        table.total()
    except InputError as error:
        total, no_total = None, error.problem
    names = ground.get("name", pd.Series(ground.index)).fillna("")
    say(3, 3, SUMMING)
    return CoverageMap(
        table=table,
        names=tuple(str(name) for name in names),
        total=total,
        no_total=no_total,
        findings=(
            *(f for frame in (ground, *layers.values()) for f in frame.attrs.get("findings", ())),
            *told,
            *(_nothing_drawn(name) for name, frame in layers.items() if frame.empty),
            *image_findings(taken, green.grid),
        ),
        raster=raster,
        ground=zones_on_raster(raster, ground),
        taken=taken,
        files=files_among(
            image, zones, how.get("mask"), how.get("threshold"), corrections, canopy, reference
        ),
        asked=as_told(
            {
                "image": image,
                "zones": zones,
                "zone_name": zone_name,
                "zones_crs": zones_crs,
                "image_crs": image_crs,
                "crs": crs,
                "date": taken,
                **over,
                "reference": reference,
                **_defaults(green),
                **given,
                "rules": [item.name for item in green.sources if item.role == RULE],
            }
        ),
    )


def _green(
    image: str | Mapping[str, str], crs: str | None, given: Mapping[str, Any]
) -> GreenRaster:
    """Open an image; a raster of one band of which no index is told is one of 0/1 or shares."""
    if isinstance(image, str) and given.keys() <= OF_ANY_RASTER:
        try:
            return green_shares(image, crs=crs, **given)
        except RasterError as error:
            if error.expected != ONE_BAND:
                raise
    return vegetation(image, crs=crs, **given)


def _defaults(green: GreenRaster) -> dict[str, object]:
    """Return the options that hold where nobody says another, as far as they are used."""
    said = {name: item.default for name, item in signature(vegetation).parameters.items()}
    used = {Vegetation: ("index", "threshold"), LandCover: ("crops",)}
    names = (*used.get(type(green), ()), "on_bad_tile")
    return {name: said[name] for name in names}


def _nothing_drawn(layer: str) -> Finding:
    text = Text(
        zh="图层里没有图斑，未叠加任何内容。",
        en="The layer holds no polygons: nothing is laid over the image.",
    )
    return Finding(code="nothing_laid_over", text=text, severity="warning", layer=layer)


def _measured(
    raster: GreenRaster,
    ground: gpd.GeoDataFrame,
    reference: LayerFile | None,
    threshold: object,
    crs: str | None,
    say: Progress,
) -> tuple[RatioTable, Ratio | None, tuple[Finding, ...]]:
    """Return the zones, all of them together where points say how sure that is, and findings."""
    if reference is None:
        asked = None if crs is None else parse_crs(crs)
        table = coverage_of_zones(
            raster, ground, asked, progress=lambda done, of: say(done, of, SUMMING)
        )
        return table.assessed([NOBODY_WENT] * len(table)), None, table.findings
    points = _read(reference)
    found = assess(raster, ground, points, crs=crs)
    twice: tuple[Finding, ...] = ()
    if isinstance(threshold, dict):
        twice = reused_points(read_layer(threshold["samples"], layer=threshold["layer"]), points)
    return found.table, found.whole, (*found.table.findings, *found.findings, *twice)


def _read(file: LayerFile) -> gpd.GeoDataFrame:
    if file.path.suffix.lower() == SUFFIX and file.layer is None:
        return read_field_sheet(file.path)
    return read_layer(file.path, layer=file.layer)


def require_free(folder: Path, cover_files: tuple[Path, ...], *, force: bool) -> None:
    """Refuse a folder for results that may not be written, before anything is computed.

    Raises
    ------
    InputError
        As `write_map` would.
    """
    check_target(folder.expanduser().resolve(), force=force, protected=cover_files)


def write_map(
    cover: CoverageMap,
    folder: Path,
    *,
    mask: bool = False,
    smallest_m2: float = SMALLEST_M2,
    sample: int | None = None,
    seed: int = 1,
    force: bool = False,
    language: Language = "zh",
    progress: Progress | None = None,
) -> tuple[Path, tuple[Finding, ...]]:
    """Write table, layers, map and run.json into a folder, whole or not at all.

    Parameters
    ----------
    mask
        Write the judged pixels too: ``vegetation.tif``; their patches inside the zones:
        ``vegetation.gpkg``; and an empty layer for corrections: ``corrections.gpkg``.
    smallest_m2
        Of a patch that is outlined.
    sample, seed
        Draw so many points in each class for a visit, into ``field_check``.

    Returns
    -------
    folder, findings
        Where it is, absolute; and what was left out of it.

    Raises
    ------
    InputError
        The folder is not empty, holds inputs or files of others, or cannot be written; or a
        mask is asked for and the image shows no part of the zones.
    """
    told: list[Finding] = []
    fill = partial(
        _fill,
        cover,
        told,
        mask=mask,
        smallest_m2=smallest_m2,
        sample=None if sample is None else (sample, seed),
        language=language,
        say=progress or _quiet,
    )
    return replace_folder(folder, fill, force=force, protected=cover.files), tuple(told)


def _fill(
    cover: CoverageMap,
    told: list[Finding],
    folder: Path,
    *,
    mask: bool,
    smallest_m2: float,
    sample: tuple[int, int] | None,
    language: Language,
    say: Progress,
) -> None:
    part = crop_to(cover.raster, cover.ground)
    if mask:
        told += _write_pixels(cover, require_shown(part), smallest_m2, folder, say)
    say(2, 4, DRAWING)
    with few_blocks_kept(cover.raster.grid):
        picture = None if part is None else reduced_picture(part)
    found = replace(cover, findings=(*cover.findings, *told))
    write_coverage_files(found, picture, folder, language)
    if sample is not None:
        say(3, 4, DRAWN)
        wanted = dict.fromkeys(CLASSES.values(), sample[0])
        drawn = draw_reference_sample(cover.raster, cover.ground, seed=sample[1], points=wanted)
        drawn.write(folder / FIELD_CHECK)
    by_hand = [name for name in FOR_HANDS if (folder / name).exists()]
    points, seed = sample or (None, None)
    asked = {
        **cover.asked,
        "write_mask": mask,
        "smallest_m2": smallest_m2 if mask else None,
        "draw_sample": points,
        "seed": seed,
        "lang": language,
    }
    write_run({**asked, BY_HAND: by_hand}, folder, datetime.now(UTC))


def _write_pixels(
    cover: CoverageMap, part: GreenRaster, smallest_m2: float, folder: Path, say: Progress
) -> tuple[Finding, ...]:
    """Write the mask and its patches; return how many were too small to be outlined."""
    say(0, 4, MASKING)
    codes = GreenClasses(part)
    write_mask_file(codes, folder / MASK, laid_over=laid_over(cover.raster))
    say(1, 4, OUTLINING)
    with few_blocks_kept(codes.grid):
        patches = patches_of(
            codes,
            NAMES,
            smallest_m2=smallest_m2,
            within=cover.ground.geometry,
            crs=cover.ground.crs,
        )
    write_hand_layers(patches.frame, folder)
    if not patches.dropped:
        return ()
    text = Text(
        zh=f"vegetation.gpkg 略去小于 {smallest_m2:g} 平方米的植被斑块 {patches.dropped} 块，"
        f"共 {patches.dropped_m2:.2f} 平方米；掩膜和覆盖率不受影响。",
        en=f"Patches below {smallest_m2:g} m² are not outlined in vegetation.gpkg: "
        f"{patches.dropped}, together {patches.dropped_m2:.2f} m². Mask and coverage hold them.",
    )
    finding = Finding(
        code="patches_left_out",
        text=text,
        layer="image",
        count=patches.dropped,
        area_m2=patches.dropped_m2,
    )
    return (finding,)


def _quiet(done: int, steps: int, step: Text) -> None:
    del done, steps, step
