"""Console: what every command says alike, and how it ends.

Question   How is a refusal, an interruption or a step said on this console?
Enters     What a command does; the streams of the process.
Leaves     One sentence and an exit code; a bar; a console no wider than its reader's.
Elsewhere  The commands: root, coverage. Every word of a table: present.
"""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, TextIO

import typer

from greenspace.commands import plain
from greenspace.errors import DefinitionError, GreenspaceError
from greenspace.model.words import Text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rich.console import Console

REFUSED, STOPPED = 2, 130
WIDEST = 110
MOST_SHOWN = 200
STOPPED_WORDS = Text(zh="已停止，没有写出任何文件。", en="Stopped; nothing was written.")
HELD = Text(zh="应为：{}；实为：{}", en="Expected: {}; found: {}")
CANNOT = Text(zh="无法读写文件", en="A file cannot be read or written")
WROTE = Text(zh="结果在：", en="Results in: ")


class Lang(StrEnum):
    """The languages that people here read."""

    zh = "zh"
    en = "en"


class BadTile(StrEnum):
    """What becomes of a tile that cannot be decoded."""

    refuse = "refuse"
    unseen = "unseen"


LangOption = Annotated[Lang, typer.Option("--lang", help="语言 / language: zh, en.")]
BadTileOption = Annotated[
    BadTile | None,
    typer.Option("--on-bad-tile", help="坏图块 / tiles that cannot be decoded: refuse, unseen."),
]


@contextmanager
def guard(
    lang: Lang, *, options_of: str | None = None, stopped: Text = STOPPED_WORDS
) -> Iterator[None]:
    """Turn refusals into one sentence and an exit code; `options_of` a command without manifest."""
    try:
        yield
    except GreenspaceError as error:
        if options_of is not None:
            from greenspace.commands import said_in_options

            error = said_in_options(error, options_of)
        _complain(error.sentence(lang.value))
        if isinstance(error, DefinitionError) and error.file and error.expected is not None:
            _complain(HELD.of(lang.value).format(*map(_shown, (error.expected, error.found))))
        raise typer.Exit(REFUSED) from None
    except KeyboardInterrupt:
        _complain(stopped.of(lang.value))
        raise typer.Exit(STOPPED) from None
    except BrokenPipeError:
        raise
    except OSError as error:
        about = ": ".join(str(part) for part in (error.filename, error.strerror or error) if part)
        stop = "：" if lang is Lang.zh else ": "
        _complain(f"{CANNOT.of(lang.value)}{stop}{about}")
        raise typer.Exit(REFUSED) from None


def _shown(fact: object) -> str:
    """Spell what was expected or found, on one line of no great length."""
    parts = fact if isinstance(fact, tuple | list | set | frozenset) else (fact,)
    said = ", ".join("—" if part is None else str(part) for part in parts)
    return said if len(said) <= MOST_SHOWN else f"{said[:MOST_SHOWN]}…"


def _complain(sentence: str) -> None:
    print(plain(sentence), file=sys.stderr)


@contextmanager
def progress(lang: Lang) -> Iterator[Callable[[int, int, Text], None]]:
    """Hand out a function that moves a bar on stderr; silent where that is no terminal."""
    from tqdm import tqdm

    form = "{desc} {bar} {n_fmt}/{total_fmt} {elapsed}"
    with tqdm(file=sys.stderr, disable=None, leave=False, bar_format=form) as bar:

        def say(done: int, steps: int, step: Text) -> None:
            bar.total, bar.n = steps, done
            bar.set_description_str(step.of(lang.value))

        yield say


def open_console() -> Console:
    """Return a console of rich, of a width that is known."""
    from rich.console import Console

    console = Console(highlight=False, markup=False, emoji=False)
    if not console.is_terminal and "COLUMNS" not in os.environ:
        console.width = WIDEST  # a file or a pipe has no width of its own
    return console


def nearest_characters(error: UnicodeError) -> tuple[str, int]:
    """Write what an encoding lacks by its nearest like; for a console that is not UTF-8."""
    from greenspace.commands import show_anywhere

    if not isinstance(error, UnicodeEncodeError):
        raise error
    return show_anywhere(error.object[error.start : error.end], error.encoding), error.end


def prepare(stream: TextIO) -> None:
    """Let a stream write what it lacks by its like."""
    if hasattr(stream, "reconfigure"):
        stream.reconfigure(errors="greenspace")
