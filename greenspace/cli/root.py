"""The command line: words in, a table or a folder out, and an exit code.

Question   What did the user ask for, and how is the answer said on this console?
Enters     Arguments.
Leaves     Exit code 0 done, 1 not passed or not sound under --strict, 2 refused, 130 stopped.
Elsewhere  What each command does: commands, pipeline. Refusals, bars: console. Words: present.
"""

from __future__ import annotations

import codecs
import logging
import sys
import warnings
from pathlib import Path
from typing import Annotated

import typer

from greenspace import __version__
from greenspace.cli.check_all import HELP as CHECK_ALL_HELP
from greenspace.cli.check_all import check_all_command
from greenspace.cli.compare import HELP as COMPARE_HELP
from greenspace.cli.compare import compare_command
from greenspace.cli.console import (
    REFUSED,
    WIDEST,
    WROTE,
    BadTileOption,
    Lang,
    LangOption,
    guard,
    nearest_characters,
    open_console,
    prepare,
    progress,
)
from greenspace.cli.coverage import HELP as COVERAGE_HELP
from greenspace.cli.coverage import coverage_command
from greenspace.cli.green_line import HELP as GREEN_LINE_HELP
from greenspace.cli.green_line import green_line_command
from greenspace.cli.map import HELP as MAP_HELP
from greenspace.cli.map import map_command
from greenspace.cli.service import HELP as SERVICE_HELP
from greenspace.cli.service import service_command
from greenspace.cli.standards import HELP as STANDARDS_HELP
from greenspace.cli.standards import standards_app
from greenspace.cli.verify import HELP as VERIFY_HELP
from greenspace.cli.verify import verify_command
from greenspace.commands import plain
from greenspace.model.words import Text

DRAFTED = Text(
    zh="已写出草稿：{path}。请逐行核对，再运行 greenspace check。",
    en="Drafted {path}. Check every line, then run greenspace check.",
)
SAMPLED = Text(
    zh="已写出示例城市（虚构）：{path}",
    en="Wrote the sample city, which is made up: {path}",
)
WRITING = Text(zh="写出报告与地图", en="writing report and maps")


app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="国家园林城市遥感核查预演 / rehearse the remote-sensing check of a garden city.",
)


def _version(wanted: bool) -> None:
    if wanted:
        print(f"greenspace {__version__}")
        raise typer.Exit


@app.callback()
def _start(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_version, is_eager=True, help="版本 / version."),
    ] = False,
) -> None:
    del version


@app.command("check", help="对照标准核查一座城市 / hold a city against a standard.")
def check_command(
    city: Annotated[Path, typer.Argument(help="清单 / manifest: city.toml.")],
    standard: Annotated[
        str | None, typer.Option("--standard", help="标准，如 CN-2010 / yardstick; see standards.")
    ] = None,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="结果文件夹 / folder for the results.")
    ] = None,
    lang: LangOption = Lang.zh,
    force: Annotated[
        bool, typer.Option("--force", help="覆盖以前的结果 / replace earlier results.")
    ] = False,
    strict: Annotated[
        bool, typer.Option("--strict", help="未达标时退出码为 1 / exit 1 unless it passes.")
    ] = False,
    verified_only: Annotated[
        bool,
        typer.Option("--verified-only", help="只用已核对的数值 / only by verified numbers."),
    ] = False,
    annex: Annotated[
        bool,
        typer.Option("--annex", help="另写内部附件；须有 -o / write the internal annex; needs -o."),
    ] = False,
    on_bad_tile: BadTileOption = None,
) -> None:
    """Check one city, show the table, and write the results where asked."""
    with guard(lang):
        from greenspace.commands import require_free_folder, require_place, view_check, write_check
        from greenspace.pipeline import check

        if annex:
            require_place(output)
        if output is not None:
            require_free_folder(output, city, force=force)
        with progress(lang) as say:
            result = check(
                city,
                standard=standard,
                verified_only=verified_only,
                on_bad_tile=None if on_bad_tile is None else on_bad_tile.value,
                progress=say,
            )
        console = open_console()
        view = view_check(
            result, lang.value, min(console.width, WIDEST), ascii_only=console.options.ascii_only
        )
        console.print(view)
        if output is not None:
            with progress(lang) as say:
                say(0, 1, WRITING)
                folder = write_check(result, output, force=force, language=lang.value, annex=annex)
            print(f"{WROTE.of(lang.value)}{plain(str(folder))}")
        if strict and result.verdict != "pass":
            raise typer.Exit(1)


app.command("check-all", help=CHECK_ALL_HELP)(check_all_command)
app.command("compare", help=COMPARE_HELP)(compare_command)
app.command("coverage", help=COVERAGE_HELP)(coverage_command)
app.command("green-line", help=GREEN_LINE_HELP)(green_line_command)
app.command("map", help=MAP_HELP)(map_command)
app.command("service", help=SERVICE_HELP)(service_command)
app.command("verify", help=VERIFY_HELP)(verify_command)
app.add_typer(standards_app, name="standards", help=STANDARDS_HELP)


@app.command("validate", help="一次找出数据中的全部问题 / find everything wrong with the data.")
def validate_command(
    city: Annotated[Path, typer.Argument(help="清单 / manifest: city.toml.")],
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="结果文件夹 / folder for findings.gpkg.")
    ] = None,
    repair: Annotated[
        bool,
        typer.Option("--repair", help="另存修复后的图层 / write repaired copies too; needs -o."),
    ] = False,
    lang: LangOption = Lang.zh,
    force: Annotated[
        bool, typer.Option("--force", help="覆盖以前的结果 / replace earlier results.")
    ] = False,
    strict: Annotated[
        bool, typer.Option("--strict", help="有错误时退出码为 1 / exit 1 if there is an error.")
    ] = False,
) -> None:
    """Show everything found in the inputs of one city, and write it where asked."""
    with guard(lang):
        from greenspace.commands import inspect_city, view_inspection

        found = inspect_city(city, output=output, repair=repair, force=force)
        console = open_console()
        view = view_inspection(
            found, lang.value, min(console.width, WIDEST), ascii_only=console.options.ascii_only
        )
        console.print(view)
        if output is not None:
            folder = found.write(output, force=force)
            print(f"{WROTE.of(lang.value)}{plain(str(folder))}")
        if strict and not found.sound:
            raise typer.Exit(1)


@app.command("init", help="由文件夹中的数据起草 city.toml / draft a city.toml from a folder.")
def init_command(
    folder: Annotated[Path, typer.Argument(help="数据文件夹 / folder with the data.")],
    name: Annotated[str | None, typer.Option("--name", help="城市名称 / the city's name.")] = None,
    force: Annotated[
        bool, typer.Option("--force", help="覆盖已有清单 / replace a manifest.")
    ] = False,
    lang: LangOption = Lang.zh,
) -> None:
    """Draft a manifest from the files of a folder."""
    with guard(lang):
        from greenspace.commands import draft_city

        path = draft_city(folder, name=name, force=force)
        print(DRAFTED.of(lang.value).format(path=plain(str(path))))


@app.command("sample", help="写出虚构的示例城市 / write the made-up sample city.")
def sample_command(
    folder: Annotated[Path, typer.Argument(help="目标文件夹 / folder to write into.")],
    seed: Annotated[
        int | None, typer.Option("--seed", min=0, help="随机种子 / seed of another city.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="覆盖 / replace.")] = False,
    lang: LangOption = Lang.zh,
) -> None:
    """Write the sample city."""
    with guard(lang):
        from greenspace.commands import sample_city

        path = sample_city(folder, seed=seed, force=force)
        print(SAMPLED.of(lang.value).format(path=plain(str(path))))


@app.command("doctor", help="检查本机的安装是否齐全 / look at this installation.")
def doctor_command(lang: LangOption = Lang.zh) -> None:
    """Show what is installed, what is missing, and for which feature."""
    with guard(lang):
        from greenspace.commands import examine_installation

        lines, whole = examine_installation(sys.stdout.encoding, lang.value)
        for line in lines:
            print(line)
        if not whole:
            raise typer.Exit(REFUSED)


def main() -> None:
    """Run the command line."""
    codecs.register_error("greenspace", nearest_characters)
    prepare(sys.stdout)
    prepare(sys.stderr)
    if not sys.warnoptions:  # findings say it in the table; Python's own warnings are for code
        warnings.simplefilter("ignore")
    logging.getLogger().addHandler(logging.NullHandler())
    app(prog_name="greenspace")
