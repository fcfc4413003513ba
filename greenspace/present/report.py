"""Report: one page that opens anywhere, with everything that a reader may ask for.

Question   What does the office hand in, and what stands behind each of its numbers?
Enters     A Check, a language, the map sheets.
Leaves     One HTML text: no request to anywhere, every word from a file escaped.
Elsewhere  The chapters: outline. The looks: templates/. In Word: document. Writing: write.
"""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Final

from jinja2 import Environment, PackageLoader, StrictUndefined

from greenspace.present.blocks import Picture
from greenspace.present.front import front
from greenspace.present.ledgers import LONG
from greenspace.present.outline import outline
from greenspace.present.record import software_version
from greenspace.present.report_words import say
from greenspace.present.webfont import page_font

if TYPE_CHECKING:
    from collections.abc import Sequence

    from greenspace.model.check import Check
    from greenspace.model.words import Language
    from greenspace.present.sheets import Sheet

LANG: Final = {"zh": "zh-CN", "en": "en"}


def report_html(check: Check, language: Language, sheets: Sequence[Sheet] = ()) -> str:
    """Return the report as one HTML page; base tables that are long are cut and say so.

    Parameters
    ----------
    sheets
        Maps to show; those whose input is missing are named as such.
    """
    parts = outline(check, language, sheets, most=LONG)
    pictures = [block.png for part in parts for block in part.blocks if isinstance(block, Picture)]
    page = {
        "lang": LANG[language],
        "version": software_version(),
        "front": front(check, language),
        "parts": parts,
        "contents": say("contents", language),
    }
    template = _environment().get_template("report.html.j2")
    bare = template.render(page=page, inlined=iter([""] * len(pictures)), font="")
    packed = (base64.b64encode(png).decode("ascii") for png in pictures)
    return str(template.render(page=page, inlined=packed, font=page_font(bare)))


def _environment() -> Environment:
    found = Environment(
        loader=PackageLoader("greenspace.present", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.filters["next"] = next
    return found
