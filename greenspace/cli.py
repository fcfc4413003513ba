"""The command line: words in, a table or a folder out, and an exit code.

Question   What did the user ask for, and how is the answer said on this console?
Enters     Arguments.
Leaves     Exit code 0 done, 1 not passed or not sound under --strict, 2 refused, 130 stopped.
Elsewhere  What each command does: commands, pipeline. Every word of the table: present.
"""

from __future__ import annotations

import codecs
import logging
import os
import sys
import warnings
from contextlib import contextmanager
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TextIO

import typer

from greenspace import __version__
from greenspace.commands import plain
from greenspace.errors import GreenspaceError
from greenspace.model.words import Text

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterator

    from rich.console import Console

REFUSED, STOPPED = 2, 130
WIDEST = 110
STOPPED_WORDS = Text(zh="已停止，没有写出任何文件。", en="Stopped; nothing was written.")
WROTE = Text(zh="结果在：", en="Results in: ")
DRAFTED = Text(
    zh="已写出草稿：{path}。请逐行核对，再运行 greenspace check。",
    en="Drafted {path}. Check every line, then run greenspace check.",
)
SAMPLED = Text(
    zh="已写出示例城市（虚构）：{path}",
    en="Wrote the sample city, which is made up: {path}",
)
WRITING = Text(zh="写出报告与地图", en="writing report and maps")
CANNOT = Text(zh="无法读写文件", en="A file cannot be read or written")
LEVELS = Text(zh="级别：{levels}", en="levels: {levels}")
IN_FORCE = Text(zh="{day} 起施行", en="in force from {day}")
SUPERSEDED = Text(zh="已被 {id} 取代", en="superseded by {id}")
STANDARD = Text(zh="标准", en="standard")
COUNTS = {
    "verified": Text(zh="已核对", en="verified"),
    "weak": Text(zh="弱依据", en="weak"),
    "provisional": Text(zh="暂定", en="provis."),
    "unknown": Text(zh="未知", en="unknown"),
}


class Lang(StrEnum):
    """The languages that people here read."""

    zh = "zh"
    en = "en"


class BadTile(StrEnum):
    """What becomes of a tile that cannot be decoded."""

    refuse = "refuse"
    unseen = "unseen"


app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="国家园林城市遥感核查预演 / rehearse the remote-sensing check of a garden city.",
)
LangOption = Annotated[Lang, typer.Option("--lang", help="语言 / language: zh, en.")]


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
    on_bad_tile: Annotated[
        BadTile | None,
        typer.Option(
            "--on-bad-tile", help="坏图块 / tiles that cannot be decoded: refuse, unseen."
        ),
    ] = None,
) -> None:
    """Check one city, show the table, and write the results where asked."""
    with _guard(lang):
        from greenspace.commands import require_free_folder, view_check
        from greenspace.pipeline import check

        if output is not None:
            require_free_folder(output, city, force=force)
        with _progress(lang) as say:
            result = check(
                city,
                standard=standard,
                verified_only=verified_only,
                on_bad_tile=None if on_bad_tile is None else on_bad_tile.value,
                progress=say,
            )
        console = _console()
        view = view_check(
            result, lang.value, min(console.width, WIDEST), ascii_only=console.options.ascii_only
        )
        console.print(view)
        if output is not None:
            with _progress(lang) as say:
                say(0, 1, WRITING)
                folder = result.write(output, force=force, language=lang.value)
            print(f"{WROTE.of(lang.value)}{plain(str(folder))}")
        if strict and result.verdict != "pass":
            raise typer.Exit(1)


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
    with _guard(lang):
        from greenspace.commands import inspect_city, view_inspection

        found = inspect_city(city, output=output, repair=repair, force=force)
        console = _console()
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
    with _guard(lang):
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
    with _guard(lang):
        from greenspace.commands import sample_city

        path = sample_city(folder, seed=seed, force=force)
        print(SAMPLED.of(lang.value).format(path=plain(str(path))))


@app.command("doctor", help="检查本机的安装是否齐全 / look at this installation.")
def doctor_command(lang: LangOption = Lang.zh) -> None:
    """Show what is installed, what is missing, and for which feature."""
    with _guard(lang):
        from greenspace.commands import examine_installation

        lines, whole = examine_installation(sys.stdout.encoding, lang.value)
        for line in lines:
            print(line)
        if not whole:
            raise typer.Exit(REFUSED)


@app.command("standards", help="列出各标准及其数值的可靠程度 / list the standards.")
def standards_command(lang: LangOption = Lang.zh) -> None:
    """Show every profile with how sure its numbers are."""
    with _guard(lang):
        from rich import box
        from rich.table import Table
        from rich.text import Text as Line

        from greenspace.api import standards

        console = _console()
        table = Table(box=box.SIMPLE_HEAD, width=min(console.width, WIDEST), pad_edge=False)
        table.add_column("id", no_wrap=True)
        table.add_column(STANDARD.of(lang.value), ratio=1, overflow="fold")
        for title in COUNTS.values():
            table.add_column(title.of(lang.value), justify="right", no_wrap=True)
        for row in standards().to_dict("records"):
            counts = (str(row[mark]) for mark in COUNTS)
            table.add_row(*map(Line, (row["id"], _title_of(row, lang), *counts)))
        console.print(table)


def _title_of(row: dict[Hashable, Any], lang: Lang) -> str:
    remarks = [LEVELS.of(lang.value).format(levels=row["levels"])]
    if isinstance(row["in_force_from"], date):
        remarks.append(IN_FORCE.of(lang.value).format(day=row["in_force_from"]))
    if isinstance(row["superseded_by"], str):
        remarks.append(SUPERSEDED.of(lang.value).format(id=row["superseded_by"]))
    stop = "；" if lang is Lang.zh else "; "
    return f"{row[f'title_{lang.value}']}\n{stop.join(remarks)}"


@contextmanager
def _guard(lang: Lang) -> Iterator[None]:
    """Turn refusals into one sentence and an exit code."""
    try:
        yield
    except GreenspaceError as error:
        _complain(error.sentence(lang.value))
        raise typer.Exit(REFUSED) from None
    except KeyboardInterrupt:
        _complain(STOPPED_WORDS.of(lang.value))
        raise typer.Exit(STOPPED) from None
    except BrokenPipeError:
        raise
    except OSError as error:
        about = ": ".join(str(part) for part in (error.filename, error.strerror or error) if part)
        stop = "：" if lang is Lang.zh else ": "
        _complain(f"{CANNOT.of(lang.value)}{stop}{about}")
        raise typer.Exit(REFUSED) from None


def _complain(sentence: str) -> None:
    print(plain(sentence), file=sys.stderr)


@contextmanager
def _progress(lang: Lang) -> Iterator[Callable[[int, int, Text], None]]:
    """Hand out a function that moves a bar on stderr; silent where that is no terminal."""
    from tqdm import tqdm

    form = "{desc} {bar} {n_fmt}/{total_fmt} {elapsed}"
    with tqdm(file=sys.stderr, disable=None, leave=False, bar_format=form) as bar:

        def say(done: int, steps: int, step: Text) -> None:
            bar.total, bar.n = steps, done
            bar.set_description_str(step.of(lang.value))

        yield say


def _console() -> Console:
    from rich.console import Console

    console = Console(highlight=False, markup=False, emoji=False)
    if not console.is_terminal and "COLUMNS" not in os.environ:
        console.width = WIDEST  # a file or a pipe has no width of its own
    return console


def _nearest_characters(error: UnicodeError) -> tuple[str, int]:
    """Write what an encoding lacks by its nearest like; for a console that is not UTF-8."""
    from greenspace.commands import show_anywhere

    if not isinstance(error, UnicodeEncodeError):
        raise error
    return show_anywhere(error.object[error.start : error.end], error.encoding), error.end


def _prepare(stream: TextIO) -> None:
    if hasattr(stream, "reconfigure"):
        stream.reconfigure(errors="greenspace")


def main() -> None:
    """Run the command line."""
    codecs.register_error("greenspace", _nearest_characters)
    _prepare(sys.stdout)
    _prepare(sys.stderr)
    if not sys.warnoptions:  # findings say it in the table; Python's own warnings are for code
        warnings.simplefilter("ignore")
    logging.getLogger().addHandler(logging.NullHandler())
    app(prog_name="greenspace")
