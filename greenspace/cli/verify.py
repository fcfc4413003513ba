"""The command ``verify``: a folder of results held against what its inputs give today.

Question   Do these inputs still give these numbers?
Enters     Arguments.
Leaves     Sentences; exit code 0 identical, 1 not, 2 refused.
Elsewhere  Measuring again: verification, through commands. Refusals and bars: console.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from greenspace.cli.console import Lang, LangOption, guard, open_console, progress

HELP = "重新量算并核对结果文件夹 / measure again and hold a folder of results against it."


def verify_command(
    folder: Annotated[Path, typer.Argument(help="check -o 写出的文件夹 / that check -o wrote.")],
    manifest: Annotated[
        Path | None,
        typer.Option("--manifest", help="清单的新位置 / where the manifest lies now."),
    ] = None,
    standard: Annotated[
        str | None,
        typer.Option(
            "--standard", help="自己标准的新位置 / where a standard of your own lies now."
        ),
    ] = None,
    lang: LangOption = Lang.zh,
) -> None:
    """Say what changed since a folder of results was written."""
    with guard(lang):
        from greenspace.commands import view_verification

        with progress(lang) as say:
            lines, identical = view_verification(folder, manifest, standard, lang.value, say)
        console = open_console()
        for line in lines:
            console.print(line)
        if not identical:
            raise typer.Exit(1)
