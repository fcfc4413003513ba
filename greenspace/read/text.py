"""Text: a whole file of text, in the encoding that its bytes tell.

Question   Is this text UTF-8, UTF-16 with its mark, or GB18030?
Enters     Bytes, and the encoding if the user names it.
Leaves     An encoding in which they decode, with a finding where it was told from the bytes.
Elsewhere  Shapefiles: read/encoding. Tables of text: read/csv_table.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from greenspace.errors import EncodingError
from greenspace.model.source import Finding
from greenspace.model.words import Text
from greenspace.read.codepages import GB, codec_of
from greenspace.read.encoding import NAME_IT, is_chinese

if TYPE_CHECKING:
    from pathlib import Path

MARKS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}


def encoding_of_text(
    content: bytes, *, file: Path, encoding: str | None = None
) -> tuple[str, tuple[Finding, ...]]:
    """Return the encoding in which a text file decodes.

    Raises
    ------
    EncodingError
        It decodes neither in the encoding that was named nor in one that can be told.
    """
    if encoding is not None:
        codec = codec_of(encoding) or encoding
        if not _decodes(content, codec):
            raise _undecodable(file, encoding)
        return codec, ()
    marked = next((name for mark, name in MARKS.items() if content.startswith(mark)), "utf-8")
    if _decodes(content, marked):
        return marked, ()
    lines = [line for line in content.splitlines() if not line.isascii()]
    if not _decodes(content, GB) or not is_chinese(lines):
        raise _undecodable(file, None)
    text = Text(
        zh=f"{file.name} 不是 UTF-8，文字按 GB18030 读取。",
        en=f"{file.name} is not UTF-8; its text was read as GB18030.",
    )
    return GB, (Finding(code="encoding_detected", text=text),)


def _decodes(content: bytes, encoding: str) -> bool:
    try:
        content.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        return False
    return True


def _undecodable(file: Path, encoding: str | None) -> EncodingError:
    tried = encoding or "UTF-8 / GB18030"
    return EncodingError(
        f"文字不能按 {tried} 解码。",
        f"The text cannot be decoded as {tried}.",
        remedy=NAME_IT,
        file=file,
        found=encoding,
    )
