"""TOML files written by people: decoded, parsed, and refused in words they can act on.

Question   What does this TOML file say, and if it cannot be read, on which line and why?
Enters     A path.
Leaves     Plain dictionaries, or one ManifestError with the line and the remedy.
Elsewhere  What the keys mean: read/manifest.
"""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING, Any

from greenspace.errors import ManifestError
from greenspace.model.words import Text
from greenspace.read.database import without_passwords

if TYPE_CHECKING:
    from pathlib import Path

ENDLESS = re.compile(r"[0-9_]{4000}")
PLACE = re.compile(r"\(at line (\d+), column (\d+)\)")
BACKSLASH_IN_QUOTES = re.compile(r'"[^"]*\\')
QUOTED = re.compile(r""""(?:[^"\\]|\\.)*"|'[^']*'""")
FULL_WIDTH = "“”\u2018\u2019\uff1d，\uff3b\uff3d\uff5b\uff5d"
UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
SAVE_AS_UTF8 = Text(
    zh="请用记事本打开，“另存为”时把“编码”选为 UTF-8，再运行一次。",
    en="Open it in an editor, choose Save as with the encoding UTF-8, and run again.",
)
NO_BACKSLASH = Text(
    zh="请把路径写成 'D:\\data\\x.gpkg'（单引号）或 \"D:/data/x.gpkg\"（正斜杠）。",
    en="Write the path in single quotes, 'D:\\data\\x.gpkg', or with \"D:/data/x.gpkg\".",
)


def read_toml(path: Path) -> dict[str, Any]:
    r"""Return what a TOML file holds; UTF-8, with or without a byte order mark.

    Raises
    ------
    ManifestError
        It is not UTF-8 (``found`` names the encoding it seems to be in), or not TOML
        (``found`` is line and column).

    Examples
    --------
    >>> import tempfile, pathlib
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = pathlib.Path(folder) / "city.toml"
    ...     _ = file.write_text('name = "清河"\n', encoding="utf-8-sig")
    ...     read_toml(file)
    {'name': '清河'}
    """
    text = decode(path.read_bytes(), path).replace("\r\n", "\n")
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _unparsed(error, text, path) from error
    except ValueError as error:  # Python takes no whole number of thousands of digits
        raise _endless(text, path) from error


def decode(content: bytes, path: Path) -> str:
    """Return the text of UTF-8 bytes, or say in which encoding they seem to be."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        name = _seems(content)
        zh = {"GBK": "GBK（ANSI）", "UTF-16": "UTF-16（Unicode）"}.get(name, "别的编码")
        en = {"GBK": "GBK (ANSI)", "UTF-16": "UTF-16"}.get(name, "another encoding")
        raise ManifestError(
            f"清单不是 UTF-8 编码，看来存成了 {zh}。",
            f"The manifest is not UTF-8; it seems to be saved as {en}.",
            remedy=SAVE_AS_UTF8,
            file=path,
            expected="UTF-8",
            found=name,
        ) from error


def _seems(content: bytes) -> str:
    if content.startswith(UTF16_MARKS):
        return "UTF-16"
    try:
        content.decode("gb18030")
    except UnicodeDecodeError:
        return "?"
    return "GBK"


def _unparsed(error: tomllib.TOMLDecodeError, text: str, path: Path) -> ManifestError:
    place = PLACE.search(str(error))
    lines = text.splitlines() or [""]
    line, column = (int(place[1]), int(place[2])) if place else (len(lines), 1)
    written = lines[min(line, len(lines)) - 1]
    if BACKSLASH_IN_QUOTES.search(written):
        return backslash(line, path)
    reason = PLACE.sub("", str(error)).strip()
    shown, remedy = without_passwords(written).strip(), _remedy(written, column)
    return ManifestError(
        f"清单第 {line} 行第 {column} 列不是有效的 TOML（{reason}）：{shown}",
        f"The manifest is not TOML at line {line}, column {column} ({reason}): {shown}",
        remedy=remedy,
        file=path,
        found=(line, column),
    )


def _endless(text: str, path: Path) -> ManifestError:
    line = 1 + next((n for n, row in enumerate(text.splitlines()) if ENDLESS.search(row)), 0)
    return ManifestError(
        f"清单第 {line} 行的整数位数过多。",
        f"The manifest has a whole number of too many digits at line {line}.",
        remedy=Text(zh="请更正这一行。", en="Correct that line."),
        file=path,
        found=line,
    )


def _remedy(written: str, column: int) -> Text:
    told = QUOTED.sub("", written).partition("#")[0]
    wide = [mark for mark in told if mark in FULL_WIDTH]
    if wide:
        return Text(
            zh=f"请把中文标点 {wide[0]} 改成英文标点。",
            en=f'Replace the Chinese punctuation {wide[0]} by the ASCII one (" = , [ ]).',
        )
    if not written[column - 1 : column].isascii():
        return Text(
            zh='中文请放在英文引号里，如 "图号" = "A-3"。',
            en='Chinese words stand in quotes, as in "图号" = "A-3".',
        )
    return Text(zh="请更正这一行。", en="Correct that line.")


def backslash(line: int | None, path: Path) -> ManifestError:
    """Return the refusal of a path with backslashes in double quotes."""
    where = Text(zh=f"第 {line} 行", en=f" on line {line}") if line else Text(zh="", en="")
    return ManifestError(
        f"清单{where.zh}的双引号中有反斜杠 \\，TOML 会把它当作转义符。",
        f"The manifest has a backslash in double quotes{where.en}, which TOML reads as an escape.",
        remedy=NO_BACKSLASH,
        file=path,
        expected="/",
        found=(line, None),
    )


def backslash_line(path: Path, key: str) -> int | None:
    """Return the first line that gives `key` a double-quoted value with a backslash."""
    text = path.read_bytes().decode("utf-8-sig")
    for number, line in enumerate(text.splitlines(), start=1):
        if key in line and BACKSLASH_IN_QUOTES.search(line):
            return number
    return None
