"""The command ``service``: parks and residential land, nothing else needed.

Question   Which homes do parks serve, in a straight line and on foot?
Enters     Arguments.
Leaves     Tables, and a folder of results where asked.
Elsewhere  Measuring and writing: service_map, through commands. Refusals and bars: console.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from greenspace.cli.arguments import layer_of, tiers_of
from greenspace.cli.console import (
    WIDEST,
    WROTE,
    Lang,
    LangOption,
    guard,
    open_console,
    progress,
)
from greenspace.commands import plain
from greenspace.model.coverage_map import LayerFile

HELP = "公园服务了哪些居住用地 / which homes parks serve, in a straight line and on foot."


def service_command(
    parks: Annotated[
        Path, typer.Argument(help="公园图层 / layer of parks: FILE or FILE|layername=NAME.")
    ],
    residential: Annotated[
        Path, typer.Argument(help="居住用地图层 / layer of residential land, likewise.")
    ],
    *,
    paths: Annotated[
        Path | None, typer.Option("--paths", help="可步行的路，得步行距离 / paths, to walk on.")
    ] = None,
    entrances: Annotated[
        Path | None, typer.Option("--entrances", help="公园出入口，点 / gates of parks, points.")
    ] = None,
    barriers: Annotated[
        Path | None,
        typer.Option(
            "--barriers", help="水面等障碍，面 / water and the like, crossed by paths only."
        ),
    ] = None,
    standard: Annotated[
        str | None,
        typer.Option("--standard", help="用该标准的分级 / tiers of a standard, as CN-2022."),
    ] = None,
    tiers: Annotated[
        str | None,
        typer.Option("--tiers", help="分级：面积 m²:半径 m / m²:m, as 5000:500,2000:300."),
    ] = None,
    population: Annotated[
        str | None,
        typer.Option("--population", help="居住用地的人口字段 / column of persons, of the homes."),
    ] = None,
    zones: Annotated[
        Path | None, typer.Option("--zones", help="分区图层 / layer of zones, to tell apart.")
    ] = None,
    park_name: Annotated[
        str | None, typer.Option("--park-name", help="公园名称字段 / column of the parks' names.")
    ] = None,
    block_name: Annotated[
        str | None, typer.Option("--block-name", help="地块名称字段 / column of the homes' names.")
    ] = None,
    zone_name: Annotated[
        str | None, typer.Option("--zone-name", help="分区名称字段 / column of the zones' names.")
    ] = None,
    snap_m: Annotated[
        float | None,
        typer.Option("--snap-m", help="离路的最大距离 / farthest from a path, in m; default 100."),
    ] = None,
    edge_every_m: Annotated[
        float | None,
        typer.Option(
            "--edge-every-m",
            help="无路相交时边界点的间距 / spacing of points on a park's edge, in m; default 50.",
        ),
    ] = None,
    point_radius_m: Annotated[
        float | None,
        typer.Option(
            "--point-radius-m",
            help="点状公园的服务半径 / how far parks that are points serve, in m.",
        ),
    ] = None,
    crs: Annotated[
        str | None, typer.Option("--crs", help="量算坐标系 / measuring CRS: EPSG:4547.")
    ] = None,
    input_crs: Annotated[
        str | None,
        typer.Option("--input-crs", help="图层所缺的坐标系 / CRS of layers that have none."),
    ] = None,
    date: Annotated[
        datetime | None,
        typer.Option("--date", formats=["%Y-%m-%d"], help="数据日期 / date of the data."),
    ] = None,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="结果文件夹 / folder for the results.")
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="覆盖以前的结果 / replace earlier results.")
    ] = False,
    lang: LangOption = Lang.zh,
) -> None:
    """Measure what parks serve, show the tables, and write the results where asked."""
    with guard(lang, options_of="service"):
        from greenspace.commands import ask_service, view_service, write_service

        asked: dict[str, Any] = {
            "paths": layer_of(paths),
            "entrances": layer_of(entrances),
            "barriers": layer_of(barriers),
            "standard": standard,
            "tiers": tiers_of(tiers),
            "population": population,
            "zones": layer_of(zones),
            "park_name": park_name,
            "block_name": block_name,
            "zone_name": zone_name,
            "snap_m": snap_m,
            "edge_every_m": edge_every_m,
            "point_radius_m": point_radius_m,
            "crs": crs,
            "input_crs": input_crs,
            "taken": None if date is None else date.date(),
        }
        with progress(lang) as say:
            service = ask_service(
                LayerFile.of(parks),
                LayerFile.of(residential),
                output=output,
                force=force,
                say=say,
                how=asked,
            )
        console = open_console()
        view = view_service(
            service, lang.value, min(console.width, WIDEST), ascii_only=console.options.ascii_only
        )
        console.print(view)
        if output is not None:
            with progress(lang) as say:
                folder = write_service(service, output, force=force, language=lang.value, say=say)
            print(f"{WROTE.of(lang.value)}{plain(str(folder))}")
