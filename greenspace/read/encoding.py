"""Encoding: which bytes a shapefile's text is written in, said, told from the bytes, or asked.

Question   Is the text of this attribute table UTF-8, GB18030 or another, and who says so?
Enters     The bytes of its text, the user's word, its .cpg, its language byte.
Leaves     A codec with a finding that says why; a refusal where two answers are as good.
Elsewhere  Spellings: read/codepages. The bytes: read/dbf. Reading the layer: read/shapefile.
"""

from __future__ import annotations

import codecs
import re
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING

from greenspace.errors import EncodingError
from greenspace.model.source import Finding
from greenspace.model.words import Text
from greenspace.read.codepages import DEFAULTS, GB, LANGUAGE_BYTES, LATIN, UTF8, codec_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from greenspace.model.source import Severity

NAME_IT = Text(
    zh='请写明编码，例如 encoding = "gb18030"。',
    en='Name the encoding, for example encoding = "gb18030".',
)
SHOWN = {UTF8: "UTF-8", GB: "GB18030", LATIN: "ISO-8859-1"}
SPELLING_SHOWN = 40
COMMON_SHARE = 0.75
TEXTS_WEIGHED = 2000
HANZI = "\u3400-\u4dbf\u4e00-\u9fff"
KANA = re.compile("[\u3040-\u30ff]")
# One or two characters grown into a Latin word: "Caf茅" is not Chinese.
IN_A_WORD = re.compile(
    rf"(?<=[a-z])[{HANZI}]{{1,2}}(?![{HANZI}])"
    rf"|(?<![{HANZI}])[{HANZI}]{{1,2}}(?=[a-z])"
    rf"|(?<=[A-Za-z])[{HANZI}]{{1,2}}(?=[A-Za-z])"
)


@dataclass(frozen=True, slots=True)
class Choice:
    """The codec that a table is read with, and what is to be said about it."""

    codec: str
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Said:
    """What one part of a shapefile says of the encoding."""

    where: str
    spelling: str
    codec: str | None


def choose_encoding(
    path: Path, texts: Mapping[bytes, bool], *, given: str | None, cpg: bytes | None, language: int
) -> Choice:
    """Choose the codec of a table's text.

    Parameters
    ----------
    path
        Of the shapefile, for the words.
    texts
        Every text that is not ASCII, and whether it fills its field, so that it may be cut.
    given
        What the user says: not doubted, but the text must decode.
    cpg, language
        What the .cpg holds, where there is one; the language byte of the table.

    Raises
    ------
    EncodingError
        The text does not decode as it should, or reads as well in two encodings.
    """
    if given is not None:
        codec = codec_of(given)
        if codec is None or not decodes(texts, codec):
            raise _refusal(
                path,
                f"属性文字不能按 {given} 解码。",
                f"The attributes cannot be decoded as {given}.",
                given,
            )
        return Choice(codec)
    if not texts:
        return Choice(UTF8)
    readings = _readings(texts)
    against: list[Finding] = []
    for said in _sayings(path, cpg, language):
        if said.codec is not None and _holds(said.codec, texts, readings):
            return Choice(said.codec, (*against, _believed(said, said.codec, readings)))
        against.append(_contradiction(said))
    return _detected(path, readings, against)


def decodes(texts: Mapping[bytes, bool], codec: str) -> bool:
    """Return whether every text decodes, but for a character cut at the end of a full field."""
    try:
        for text, filled in texts.items():
            decode_text(text, codec, filled=filled)
    except UnicodeDecodeError:
        return False
    return True


def decode_text(text: bytes, codec: str, *, filled: bool) -> tuple[str, bytes]:
    r"""Return a text, and the bytes of a character that the end of its field cut through.

    Examples
    --------
    >>> decode_text("公园绿地".encode()[:10], "utf-8", filled=True)
    ('公园绿', b'\xe5')
    """
    try:
        return text.decode(codec), b""
    except UnicodeDecodeError:
        if not filled:
            raise
    decoder = codecs.getincrementaldecoder(codec)()
    whole = decoder.decode(text)
    tail = decoder.getstate()[0]
    return whole, tail


def is_chinese(texts: Iterable[bytes]) -> bool:
    """Return whether text that decodes as GB18030 reads like Chinese and not like Latin words.

    Examples
    --------
    >>> is_chinese(["人民公园".encode("gbk")]), is_chinese(["Conceição".encode("latin-1")])
    (True, False)
    """
    shown = [text.decode(GB, "ignore") for text in islice(texts, TEXTS_WEIGHED)]
    characters = Counter(char for text in shown for char in text if not char.isascii())
    grown = sum(len(run) for text in shown for run in IN_A_WORD.findall(text))
    common = sum(count for char, count in characters.items() if _is_common(char)) - grown
    return common > 0 and common >= COMMON_SHARE * characters.total()


@lru_cache(maxsize=65536)
def _is_common(char: str) -> bool:
    """Return whether a character speaks for Chinese: kana do not, though GB2312 has them."""
    if KANA.match(char):
        return False
    try:
        char.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True


def _readings(texts: Mapping[bytes, bool]) -> tuple[str, ...]:
    """Return the encodings that the bytes themselves speak for."""
    readings = (UTF8,) if decodes(texts, UTF8) else ()
    return (*readings, GB) if decodes(texts, GB) and is_chinese(texts) else readings


def _sayings(path: Path, cpg: bytes | None, language: int) -> Iterable[Said]:
    if cpg is not None:
        spelling = cpg[:SPELLING_SHOWN].decode("utf-8-sig", "replace").strip().strip("\0\"'")
        yield Said(f"{path.stem}.cpg", ascii(spelling)[1:-1], codec_of(spelling))
    if language in LANGUAGE_BYTES:
        yield Said(f"{path.stem}.dbf", f"0x{language:02X}", LANGUAGE_BYTES[language])


def _holds(codec: str, texts: Mapping[bytes, bool], readings: tuple[str, ...]) -> bool:
    if not decodes(texts, codec):
        return False
    if codec in DEFAULTS:
        return not readings
    return codec in readings or UTF8 not in readings


def _believed(said: Said, codec: str, readings: tuple[str, ...]) -> Finding:
    shown = _shown(codec)
    others = [_shown(reading) for reading in readings if reading != codec]
    if others:
        return _finding(
            "encoding_doubtful",
            "warning",
            f"{said.where} 写明 {said.spelling}，按 {shown} 读取；但文字按 {others[0]} 也读得通，请核对。",
            f"{said.where} says {said.spelling}: read as {shown}, "
            f"though the text reads as {others[0]} as well: check it.",
        )
    return _finding(
        "encoding_said",
        "note",
        f"{said.where} 写明 {said.spelling}，文字按 {shown} 读取。",
        f"{said.where} says {said.spelling}: its text was read as {shown}.",
    )


def _contradiction(said: Said) -> Finding:
    if said.codec is None:
        zh, en = "不是已知的编码", "which is no known encoding"
    else:
        zh, en = "与文字不符", "which its text is not"
    return _finding(
        "encoding_contradicted",
        "warning",
        f"{said.where} 写明 {said.spelling}，{zh}。",
        f"{said.where} says {said.spelling}, {en}.",
    )


def _detected(path: Path, readings: tuple[str, ...], against: list[Finding]) -> Choice:
    if len(readings) > 1:
        raise _refusal(
            path,
            "文字按 UTF-8 和按 GB18030 都读得通。",
            "The text reads as UTF-8 and as GB18030 alike.",
            readings,
        )
    if readings:
        shown = _shown(readings[0])
        zh, en = (
            f"由文字判断，按 {shown} 读取",
            f"told from its bytes, its text was read as {shown}",
        )
        detected = _finding(
            "encoding_detected", "warning", f"{path.name}：{zh}。", f"{path.name}: {en}."
        )
        return Choice(readings[0], (*against, detected))
    if against:
        raise _refusal(
            path,
            "".join(finding.text.zh for finding in against) + "也不是 UTF-8 或 GB18030。",
            " ".join(finding.text.en for finding in against) + " It is neither UTF-8 nor GB18030.",
            None,
        )
    unknown = _finding(
        "encoding_unknown",
        "warning",
        f"{path.name} 没有写明编码，文字既非 UTF-8，也不像 GB18030 中文；按 ISO-8859-1 读取，可能是乱码。",
        f"{path.name} does not say its encoding, and its text is neither UTF-8 nor like Chinese "
        "in GB18030: read as ISO-8859-1, it may be garbled.",
    )
    return Choice(LATIN, (unknown,))


def _shown(codec: str) -> str:
    return SHOWN.get(codec, codec)


def _finding(code: str, severity: Severity, zh: str, en: str) -> Finding:
    return Finding(code=code, text=Text(zh=zh, en=en), severity=severity)


def _refusal(path: Path, zh: str, en: str, found: object) -> EncodingError:
    return EncodingError(zh, en, remedy=NAME_IT, file=path, layer=path.stem, found=found)
