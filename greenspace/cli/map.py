"""The command ``map``: a city's maps, on paper or as a page to point at.

Question   Which map, on which paper, at which scale?
Enters     Arguments.
Leaves     One file.
Elsewhere  What the file is made of: map_files. Refusals and bars: console.
"""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from greenspace.cli.console import WROTE, Lang, LangOption, guard, progress
from greenspace.commands import plain
from greenspace.model.words import Text

HELP = "绘制地图：图幅、图集或网页 / draw maps: a sheet, an atlas, or a page."
MOST_SCALE = 5_000_000
LEFT_OUT = Text(zh="未绘 {name}：", en="Not drawn, {name}: ")


class Atlas(StrEnum):
    """What a page of an atlas shows."""

    district = "district"
    line = "line"


class Colours(StrEnum):
    """The palettes."""

    standard = "standard"
    safe = "safe"


def map_command(
    city: Annotated[Path, typer.Argument(help="清单 / manifest: city.toml.")],
    *,
    output: Annotated[
        Path, typer.Option("-o", "--output", help="文件 / file: .pdf, .svg, .png or .html.")
    ],
    sheet: Annotated[
        str | None,
        typer.Option(
            "--sheet",
            help="图名 / map: green_line, green_space, service, roads, change, trees, zoning, "
            "image, vegetation; without it every one, in a .pdf.",
        ),
    ] = None,
    scale: Annotated[
        int | None,
        typer.Option(
            "--scale", min=1, max=MOST_SCALE, help="比例尺分母 / denominator: 10000 for 1:10000."
        ),
    ] = None,
    size: Annotated[str, typer.Option("--size", help="图幅 / paper: A0 to A4.")] = "A3",
    landscape: Annotated[
        bool | None,
        typer.Option("--landscape/--portrait", help="横放或竖放 / which way the paper lies."),
    ] = None,
    palette: Annotated[
        Colours, typer.Option("--palette", help="配色，safe 供色觉障碍者 / colours.")
    ] = Colours.standard,
    atlas: Annotated[
        Atlas | None, typer.Option("--atlas", help="分页图集 / a page a district, or a line.")
    ] = None,
    standard: Annotated[
        str | None, typer.Option("--standard", help="标准，如 CN-2010 / yardstick.")
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="覆盖已有文件 / replace a file that is there.")
    ] = False,
    lang: LangOption = Lang.zh,
) -> None:
    """Draw what is asked for into one file."""
    with guard(lang):
        from greenspace.map_files import Asked, make_map

        asked = Asked(
            sheet=sheet,
            atlas=None if atlas is None else atlas.value,
            size=size,
            scale=scale,
            landscape=landscape,
            palette=palette.value,
        )
        with progress(lang) as say:
            made = make_map(
                city,
                output,
                asked,
                standard=standard,
                language=lang.value,
                force=force,
                progress=say,
            )
        for name, error in made.left_out.items():
            told = f"{LEFT_OUT.of(lang.value).format(name=name)}{error.sentence(lang.value)}"
            print(plain(told), file=sys.stderr)
        print(f"{WROTE.of(lang.value)}{plain(str(made.path))}")
