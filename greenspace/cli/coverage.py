"""The command ``coverage``: one image and a layer of zones, nothing else needed.

Question   How green are these zones by this image?
Enters     Arguments.
Leaves     A table, and a folder of results where asked.
Elsewhere  Measuring and writing: coverage_map, through commands. Refusals and bars: console.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from greenspace.cli.arguments import (
    area_of,
    bands_of,
    image_of,
    layer_of,
    mask_of,
    threshold_of,
    zones_of,
)
from greenspace.cli.console import (
    WIDEST,
    WROTE,
    BadTileOption,
    Lang,
    LangOption,
    guard,
    open_console,
    progress,
)
from greenspace.commands import plain

HELP = "由一期影像量算各分区的绿化覆盖率 / green coverage of zones by one image."


def coverage_command(
    image: Annotated[str, typer.Argument(help="影像 / image: a file, or red=B04.jp2,nir=B08.jp2.")],
    zones: Annotated[Path, typer.Argument(help="分区图层 / layer of zones.")],
    *,
    classes: Annotated[
        str | None,
        typer.Option("--classes", help="分类栅格的代码表 / esa-worldcover, dynamic-world, a TOML."),
    ] = None,
    crops: Annotated[
        bool, typer.Option("--crops", help="耕地计为绿 / cropland of a class raster is green.")
    ] = False,
    index: Annotated[
        str | None, typer.Option("--index", help="植被指数 / ndvi (default), evi, savi, exg.")
    ] = None,
    threshold: Annotated[
        str | None, typer.Option("--threshold", help="阈值 / a number, or otsu (default).")
    ] = None,
    samples: Annotated[
        Path | None, typer.Option("--samples", help="实地样点，定阈值 / points for the threshold.")
    ] = None,
    sensor: Annotated[
        str | None, typer.Option("--sensor", help="传感器 / such as gf2-pms.")
    ] = None,
    bands: Annotated[
        str | None, typer.Option("--bands", help="波段号 / band numbers: red=3,nir=4.")
    ] = None,
    scale: Annotated[float | None, typer.Option("--scale", help="定标系数 / scale.")] = None,
    offset: Annotated[float | None, typer.Option("--offset", help="定标偏移 / offset.")] = None,
    nodata: Annotated[float | None, typer.Option("--nodata", help="无数据值 / nodata.")] = None,
    mask: Annotated[
        Path | None, typer.Option("--mask", help="云掩膜，非零为未见 / non-zero is unseen.")
    ] = None,
    mask_codes: Annotated[
        str | None,
        typer.Option("--mask-codes", help="掩膜代码 / such as sentinel2-scl, or 3,8,9."),
    ] = None,
    corrections: Annotated[
        Path | None,
        typer.Option(
            "--corrections",
            help="修正图层，action 为增或删 / add and remove polygons; FILE|layername=NAME.",
        ),
    ] = None,
    canopy: Annotated[
        Path | None, typer.Option("--canopy", help="树冠图层 / canopy polygons beside the image.")
    ] = None,
    reference: Annotated[
        Path | None, typer.Option("--reference", help="核查点，得区间 / visited points: intervals.")
    ] = None,
    layer: Annotated[
        str | None, typer.Option("--layer", help="分区图层名 / layer of the zones' file.")
    ] = None,
    zone_name: Annotated[
        str | None, typer.Option("--zone-name", help="分区名称字段 / column of names.")
    ] = None,
    crs: Annotated[
        str | None, typer.Option("--crs", help="量算坐标系 / measuring CRS: EPSG:4547.")
    ] = None,
    zones_crs: Annotated[
        str | None, typer.Option("--zones-crs", help="分区所缺的坐标系 / CRS the zones lack.")
    ] = None,
    image_crs: Annotated[
        str | None, typer.Option("--image-crs", help="影像所缺的坐标系 / CRS the image lacks.")
    ] = None,
    date: Annotated[
        datetime | None,
        typer.Option("--date", formats=["%Y-%m-%d"], help="影像日期 / date of the image."),
    ] = None,
    on_bad_tile: BadTileOption = None,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="结果文件夹 / folder for the results.")
    ] = None,
    write_mask: Annotated[
        bool,
        typer.Option("--write-mask", help="写出植被掩膜；须有 -o / write the mask too; needs -o."),
    ] = False,
    smallest_m2: Annotated[
        float,
        typer.Option("--smallest-m2", min=0, help="最小图斑 / smallest patch outlined, in m²."),
    ] = 100.0,
    draw_sample: Annotated[
        int | None,
        typer.Option("--draw-sample", min=2, help="每类抽取核查点数 / points to visit a class."),
    ] = None,
    seed: Annotated[int, typer.Option("--seed", min=0, help="随机种子 / seed of the points.")] = 1,
    force: Annotated[
        bool, typer.Option("--force", help="覆盖以前的结果 / replace earlier results.")
    ] = False,
    lang: LangOption = Lang.zh,
) -> None:
    """Measure zones, show the table, and write the results where asked."""
    with guard(lang, options_of="coverage"):
        smallest = area_of(smallest_m2)
        from greenspace.commands import ask_coverage, view_coverage, view_findings, write_coverage

        asked: dict[str, Any] = {
            "classes": classes,
            "crops": crops or None,
            "index": index,
            "threshold": threshold_of(threshold, layer_of(samples)),
            "sensor": sensor,
            "bands": bands_of(bands),
            "scale": scale,
            "offset": offset,
            "nodata": nodata,
            "mask": mask_of(mask, mask_codes),
            "corrections": layer_of(corrections),
            "canopy": layer_of(canopy),
            "reference": layer_of(reference),
            "zone_name": zone_name,
            "crs": crs,
            "zones_crs": zones_crs,
            "image_crs": image_crs,
            "taken": None if date is None else date.date(),
            "on_bad_tile": None if on_bad_tile is None else on_bad_tile.value,
        }
        with progress(lang) as say:
            cover = ask_coverage(
                image_of(image),
                zones_of(zones, layer),
                output=output,
                files=write_mask or draw_sample is not None,
                force=force,
                say=say,
                how=asked,
            )
        console = open_console()
        view = view_coverage(
            cover, lang.value, min(console.width, WIDEST), ascii_only=console.options.ascii_only
        )
        console.print(view)
        if output is not None:
            with progress(lang) as say:
                folder, told = write_coverage(
                    cover,
                    output,
                    mask=write_mask,
                    smallest_m2=smallest,
                    sample=draw_sample,
                    seed=seed,
                    force=force,
                    language=lang.value,
                    say=say,
                )
            if told:
                console.print(view_findings(told, lang.value))
            print(f"{WROTE.of(lang.value)}{plain(str(folder))}")
