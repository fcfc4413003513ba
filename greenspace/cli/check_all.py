"""The command ``check-all``: the cities of a list, checked here or on a cluster.

Question   Which of these cities pass, and what is the matter with the others?
Enters     Arguments.
Leaves     A table of cities; exit code 0 every city counted, 1 not, 2 refused, 130 stopped.
Elsewhere  Checking them: province. Clusters: province_cluster. Refusals and bars: console.
"""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

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
from greenspace.model.words import Text

if TYPE_CHECKING:
    from greenspace.model.league import League

HELP = "核查清单中的所有城市 / check every city of a list, here or on a cluster."
STOPPED = Text(
    zh="已停止。已完成的城市保留，再运行一次即可接着做。",
    en="Stopped. Finished cities are kept; run again to go on.",
)


class Cluster(StrEnum):
    """The clusters that are started here."""

    local = "local"


def check_all_command(
    province: Annotated[
        Path, typer.Argument(help="清单或文件夹 / province.toml, or a folder of manifests.")
    ],
    *,
    output: Annotated[
        Path,
        typer.Option("-o", "--output", help="结果文件夹 / folder: a folder for each city in it."),
    ],
    cluster: Annotated[
        Cluster | None,
        typer.Option("--cluster", help="本机多进程：local / processes of this machine: local."),
    ] = None,
    scheduler: Annotated[
        str | None,
        typer.Option("--scheduler", help="Dask 调度器 / of Dask, such as tcp://10.0.0.1:8786."),
    ] = None,
    workers: Annotated[
        int | None,
        typer.Option(
            "--workers", min=1, help="进程数，或须等到的节点数 / processes, or to wait for."
        ),
    ] = None,
    standard: Annotated[
        str | None, typer.Option("--standard", help="标准，如 CN-2010 / yardstick; see standards.")
    ] = None,
    on_bad_tile: BadTileOption = None,
    force: Annotated[
        bool,
        typer.Option(
            "--force", help="重做已过期的城市 / check stale cities anew; current ones are kept."
        ),
    ] = False,
    lang: LangOption = Lang.zh,
) -> None:
    """Check every city of a list, and show which pass."""
    with guard(lang, stopped=STOPPED):
        from greenspace.province import check_listed, view_league

        with progress(lang) as say:
            league: League = check_listed(
                province,
                output,
                cluster=None if cluster is None else "local",
                scheduler=scheduler,
                workers=workers,
                tell=lambda words: print(plain(words.of(lang.value)), file=sys.stderr),
                standard=standard,
                on_bad_tile=None if on_bad_tile is None else on_bad_tile.value,
                language=lang.value,
                force=force,
                progress=say,
            )
        console = open_console()
        width = min(console.width, WIDEST)
        console.print(view_league(league, lang.value, width, ascii_only=console.options.ascii_only))
        print(f"{WROTE.of(lang.value)}{plain(str(output.expanduser().resolve()))}")
        if not all(row.counted for row in league.rows):
            raise typer.Exit(1)
