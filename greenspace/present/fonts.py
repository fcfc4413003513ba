"""Fonts: glyphs for Chinese, found when they are needed, on any machine.

Question   Which font file here can draw these characters?
Enters     The fonts of the system, and the one that the package zhplot carries.
Leaves     FontProperties for single texts; matplotlib's settings stay as they are.
Elsewhere  Placing text: maps, charts. The same glyphs inside a page: webfont.
"""

from __future__ import annotations

from functools import lru_cache
from importlib import metadata
from pathlib import Path
from typing import Final

from matplotlib import font_manager
from matplotlib.font_manager import FontProperties
from matplotlib.ft2font import FT2Font

from greenspace.errors import MissingExtraError
from greenspace.model.words import Text

CARRIER: Final = "zhplot"
CARRIED: Final = "NotoSansSC-Regular.ttf"
PROBE: Final = "国家园林城市绿地率覆盖公顷人均服务半径判定龘北℃²°·—–−≥≤%0Aa"
TRUETYPE: Final = (b"\x00\x01\x00\x00", b"true")
PREFERRED: Final = (
    "Noto Sans SC",
    "Noto Sans CJK SC",
    "Source Han Sans SC",
    "Microsoft YaHei",
    "PingFang SC",
    "WenQuanYi Micro Hei",
    "SimHei",
)


def chinese_font(size: float | None = None) -> FontProperties:
    """Return a font that has Chinese glyphs.

    Raises
    ------
    MissingExtraError
        Neither the system nor an installed package has such a font.
    """
    return FontProperties(fname=str(font_file()), size=size)


def font_file() -> Path:
    """Return the file of a font with Chinese glyphs that a PDF can embed."""
    for path in (*system_fonts(), *carried_fonts()):
        if _fits(path):
            return path
    raise MissingExtraError(
        "找不到含中文字形的字体。",
        "No font with Chinese glyphs was found.",
        remedy=Text(
            zh="请运行 pip install zhplot，或安装任一中文 TrueType 字体。",
            en="Run pip install zhplot, or install any Chinese TrueType font.",
        ),
        expected="a TrueType font with Chinese glyphs",
    )


def system_fonts() -> tuple[Path, ...]:
    """Return the font files that matplotlib knows of, likely ones first."""
    entries = sorted(
        (entry for entry in font_manager.fontManager.ttflist if entry.name in PREFERRED),
        key=lambda entry: (PREFERRED.index(entry.name), entry.style != "normal", entry.fname),
    )
    return tuple(Path(entry.fname) for entry in entries)


def carried_fonts() -> tuple[Path, ...]:
    """Return the font inside the installed package zhplot, which is not imported."""
    return _carried()


@lru_cache(maxsize=1)
def _carried() -> tuple[Path, ...]:
    try:
        files = metadata.distribution(CARRIER).files or ()
    except metadata.PackageNotFoundError:
        return ()
    return tuple(Path(str(file.locate())) for file in files if file.name == CARRIED)


def drawable(text: str) -> str:
    """Return text with every character that the font lacks replaced by a question mark."""
    known = _charmap(font_file())
    return "".join(char if ord(char) in known or char == "\n" else "?" for char in text)


@lru_cache(maxsize=64)
def _fits(path: Path) -> bool:
    """Whether the file has the glyphs, in outlines that a PDF can embed whole."""
    try:
        with path.open("rb") as file:
            if file.read(4) not in TRUETYPE:
                return False
        known = _charmap(path)
    except (OSError, RuntimeError):
        return False
    return all(ord(char) in known for char in PROBE)


@lru_cache(maxsize=8)
def _charmap(path: Path) -> frozenset[int]:
    return frozenset(FT2Font(str(path)).get_charmap())
