"""Code pages: how a shapefile spells the encoding of its text.

Question   Which codec do the words in a .cpg, or the language byte of a dBASE table, mean?
Enters     A spelling such as "OEM 936", or a byte.
Leaves     The name of one of Python's codecs, or nothing.
Elsewhere  Whether the text agrees: read/encoding.
"""

from __future__ import annotations

import codecs
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

GB = "gb18030"  # what GB2312 and GBK wrote, GB18030 reads
UTF8 = "utf-8"
LATIN = "iso8859-1"  # every byte has a place in it
GB_FAMILY = {"gb2312", "gbk", GB}
DEFAULTS = {LATIN, "iso8859-15", "cp1252"}  # written by programs that never looked at the text
PRINTABLE = bytes(range(0x20, 0x7F))
NUMBERS: Mapping[str, str] = {
    "65001": UTF8,
    "936": GB,
    "20936": GB,
    "54936": GB,
    "950": "cp950",
    "949": "cp949",
    "932": "cp932",
}
# 0x00, 0x03 and 0x57 stand in tables of every language: they decide nothing.
_PAGES: Mapping[str, str] = {
    "cp437": "01 09 0b 0d 0f 11 15 18 19 1b",
    "cp737": "6a 86",
    "cp850": "02 0a 0e 10 12 14 16 1a 1d 25 37",
    "cp852": "1f 22 23 40 64 87",
    "cp857": "6b 88",
    "cp860": "24",
    "cp861": "67",
    "cp863": "1c 6c",
    "cp865": "08 17 66",
    "cp866": "26 65",
    "cp874": "50 7c",
    "cp932": "13 7b",
    GB: "4d 7a",
    "cp949": "4e 79",
    "cp950": "4f 78",
    "cp1250": "c8",
    "cp1251": "c9",
    "cp1252": "58 59",
    "cp1253": "cb",
    "cp1254": "ca",
    "cp1255": "7d",
    "cp1256": "7e",
    "cp1257": "cc",
    "mac-roman": "04",
}
LANGUAGE_BYTES: Mapping[int, str] = {
    byte: page for page, row in _PAGES.items() for byte in bytes.fromhex(row)
}


def codec_of(spelling: str) -> str | None:
    """Return the codec behind a spelling; none that does not leave ASCII as it is.

    Examples
    --------
    >>> [codec_of(word) for word in ("65001", "OEM 936", "GB2312", "ISO 88591", "ANSI 1252")]
    ['utf-8', 'gb18030', 'gb18030', 'iso8859-1', 'cp1252']
    >>> codec_of("UTF-16") is codec_of("no such") is None
    True
    """
    word = re.sub(r"^(ansi|oem|windows|cp|ms)[ _-]*(?=\d)", "", spelling.strip().lower())
    part = re.fullmatch(r"(?:iso)?[ _-]*8859[ _-]*(\d{1,2})", word)
    if part:
        word = f"iso8859-{part[1]}"
    elif word.isdecimal():
        word = NUMBERS.get(word, f"cp{word}")
    try:
        name = codecs.lookup(word).name
        plain = PRINTABLE.decode(name) == PRINTABLE.decode("ascii")
    except (LookupError, ValueError):
        return None
    if not plain:
        return None
    return GB if name in GB_FAMILY else name
