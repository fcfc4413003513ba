"""Word style: fonts, paragraph styles, pages and fields of the Word report.

Question   How does the Word report look, and in which fonts does its Chinese stand?
Enters     A new document of python-docx.
Leaves     The same document with A4 pages, styles, a head line and page numbers.
Elsewhere  What is written in them: document. Tables: word_table.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from xml.sax.saxutils import escape

from docx.enum.section import WD_ORIENT
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm, Pt, RGBColor

from greenspace.present.words import clean

if TYPE_CHECKING:
    from docx.document import Document
    from docx.section import Section
    from docx.styles.style import ParagraphStyle

INK: Final = RGBColor(0x1F, 0x2A, 0x24)
FAINT: Final = RGBColor(0x5D, 0x6B, 0x62)
TEXT_FONTS: Final = ("Times New Roman", "宋体")
HEAD_FONTS: Final = ("Arial", "黑体")
THEMES: Final = ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme")
SHORT, LONG, MARGIN = 21.0, 29.7, 2.0  # A4, cm
SIZES: Final = {  # points, space before and after
    "Normal": (10.5, 0, 4),
    "Title": (20, 0, 6),
    "Heading 1": (14, 16, 6),
    "Heading 2": (11.5, 10, 4),
    "Caption": (9, 8, 3),
    "Remark": (9, 0, 4),
    "Banner": (9.5, 4, 6),
    "Ends": (11, 4, 6),
    "GridHead": (8.5, 1, 1),
    "GridText": (8.5, 1, 1),
    "GridNote": (7.5, 0, 1),
}
HEADS: Final = frozenset({"Title", "Heading 1", "Heading 2", "GridHead", "Ends"})
SHADES: Final = {"Banner": "FFF3CD", "Ends": "FBEAE7"}


def dress(document: Document, language: str) -> None:
    """Give a document its fonts, styles and language."""
    _plain_defaults(document, language)
    for name, (size, before, after) in SIZES.items():
        known = any(style.name == name for style in document.styles)
        style: Any = (
            document.styles[name]
            if known
            else document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        )
        _dress_style(style, size, before, after)


def _plain_defaults(document: Document, language: str) -> None:
    """Name fonts instead of those of a theme; say which language is written."""
    for fonts in document.styles.element.iter(qn("w:rFonts")):
        for theme in THEMES:
            fonts.attrib.pop(qn(f"w:{theme}"), None)
    for lang in document.styles.element.iter(qn("w:lang")):
        lang.set(qn("w:eastAsia"), "zh-CN")
        lang.set(qn("w:val"), "zh-CN" if language == "zh" else "en-GB")


def _dress_style(style: ParagraphStyle, size: float, before: float, after: float) -> None:
    name = str(style.name)
    latin, chinese = HEAD_FONTS if name in HEADS else TEXT_FONTS
    style.font.name, style.font.size = latin, Pt(size)
    style.font.color.rgb = FAINT if name in {"Caption", "Remark", "GridNote"} else INK
    style.font.bold, style.font.italic = name in HEADS, False
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    fonts.set(qn("w:eastAsia"), chinese)
    shape = style.paragraph_format
    shape.space_before, shape.space_after = Pt(before), Pt(after)
    shape.line_spacing = 1.0 if name.startswith("Grid") else 1.15
    shape.keep_with_next = name in {"Heading 1", "Heading 2", "Banner", "Remark", "Caption"}
    if name in SHADES:
        shade = f'<w:shd {nsdecls("w")} w:val="clear" w:color="auto" w:fill="{SHADES[name]}"/>'
        style.element.get_or_add_pPr().append(parse_xml(shade))


def turn(section: Section, *, wide: bool) -> float:
    """Lay the pages of a section on a side or upright; return the width of their text in cm."""
    section.orientation = WD_ORIENT.LANDSCAPE if wide else WD_ORIENT.PORTRAIT
    width, height = (LONG, SHORT) if wide else (SHORT, LONG)
    section.page_width, section.page_height = Cm(width), Cm(height)
    section.left_margin = section.right_margin = Cm(MARGIN)
    section.top_margin = section.bottom_margin = Cm(MARGIN)
    return width - 2 * MARGIN


def number_pages(section: Section, title: str, page: str) -> None:
    """Write the title at the head of every page and its number at the foot."""
    head = section.header.paragraphs[0]
    head.text, head.alignment = clean(title), WD_ALIGN_PARAGRAPH.RIGHT
    foot = section.footer.paragraphs[0]
    foot.alignment = WD_ALIGN_PARAGRAPH.CENTER
    before, _, after = page.partition("{page}")
    foot.add_run(before)
    add_field(foot, "PAGE", "1")
    foot.add_run(after)


def add_field(paragraph: Any, code: str, shown: str) -> None:
    """Add a field that Word recounts, with what it shows until then."""
    field = (
        f'<w:fldSimple {nsdecls("w")} w:instr=" {escape(code)} "><w:r><w:t>{escape(shown)}</w:t>'
        "</w:r></w:fldSimple>"
    )
    paragraph._p.append(parse_xml(field))  # noqa: SLF001  - the library has no door to fields
