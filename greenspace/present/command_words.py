"""Command words: a next step of the library, said in the options of a command.

Question   What does someone type who was told to pass ``nodata=0``?
Enters     A text that names keywords of functions or keys of the manifest.
Leaves     The same text with the options of the command.
Elsewhere  The refusals and findings themselves: wherever they arise.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from greenspace.model.words import Text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

OWN: Final[Mapping[str, Sequence[tuple[str, str]]]] = {
    "coverage": (),
    "service": (
        (r'请在清单该图层下写 crs = "(.+?)"（或函数参数 crs=）。', r"请写 --input-crs \1。"),
        (
            r'Write crs = "(.+?)" in the layer\'s table \(or pass crs=\)\.',
            r"Name it with --input-crs \1.",
        ),
        (r'crs ?= ?"(.+?)"', r"--input-crs \1"),
        (r"\bpoint_radius_m\b(?:=(\d+))?", r"--point-radius-m \1"),
        (r"\bsnap_m\b", "--snap-m"),
        (r"\bevery_m\b", "--edge-every-m"),
    ),
}
RULES: Final[Sequence[tuple[str, str]]] = (
    (r'layer = "…"', r'"FILE.gpkg|layername=…"'),
    (
        r'请在清单该图层下写 crs = "(.+?)"（或函数参数 crs=）。',
        r"分区请写 --zones-crs \1；其他图层请在 GIS 软件中写入坐标系。",
    ),
    (
        r'Write crs = "(.+?)" in the layer\'s table \(or pass crs=\)\.',
        r"Name that of the zones with --zones-crs \1; write it into any other layer in a GIS.",
    ),
    (r'crs="(.+?)"', r"--image-crs \1"),
    (r"crs='(.+?)'", r"--crs \1"),
    (r'crs = "(.+?)"', r"--zones-crs \1"),
    (r'threshold=\{"samples": "(.+?)"\}', r"--samples \1"),
    (r"\b(scale|offset|nodata|threshold)=(-?\d+(?:\.\d+)?)", r"--\1 \2"),
    (r"\bindex='(\w+)'", r"--index \1"),
    (r'\bsensor = "(.+?)"', r"--sensor \1"),
    (r'\bclasses="(.+?)"', r"--classes \1"),
    (r"\b(crops)( ?只用于| is of)", r"--\1\2"),
    (r'bands ?= ?\{ ?"?red"?[ :=]+3, "?nir"?[ :=]+4 ?\}', "--bands red=3,nir=4"),
    (r'\{"red": …, "nir": …\}', "red=…,nir=…"),
    (r'\{ ?"?path"?[ :=]+"(.+?)", "?codes"?[ :=]+"(.+?)" ?\}', r"--mask \1 --mask-codes \2"),
    (r"(写明|name) values (或|or) bits", r"\1 --mask-codes 3,8,9"),
    (r"，或 \{1: .*?\}|, or \{1: .*?\}", ""),
    (r"gs\.draw_reference_sample", "--draw-sample"),
    (r"--force ?[（(]force=True[）)]", "--force"),
    (r"；清单中可写 columns = .*?\}|; in a manifest, map it with columns = .*?\}", ""),
    (r"请写明编码，例如 encoding = .*。", "请在 GIS 软件中另存为 GeoPackage。"),
    (r"Name the encoding, for example encoding = .*\.", "Save it as a GeoPackage in a GIS."),
)


def command_words(text: Text, command: str = "coverage") -> Text:
    """Return a text that names options of a command in place of keywords and keys.

    Examples
    --------
    >>> command_words(Text(zh="请指定 nodata=0。", en="Pass nodata=0.")).en
    'Pass --nodata 0.'
    """
    rules = (*OWN[command], *RULES)
    return Text(zh=_said(text.zh, rules), en=_said(text.en, rules))


def _said(words: str, rules: Sequence[tuple[str, str]]) -> str:
    for pattern, option in rules:
        words = re.sub(pattern, option, words)
    return words
