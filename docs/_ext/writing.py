"""Markdown of the generated pages: cells, tables, marks in words, citations."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from greenspace.model.printed import TIERS
from greenspace.present.standards_view import asked
from greenspace.present.standards_words import condition_text, item_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from greenspace.model.definition import Profile
    from greenspace.model.printed import Printed

MARKS = {
    "verified": "verified (V)",
    "weak": "weak (V⁻)",
    "provisional": "**provisional** (M)",
    "user": "user",
    None: "no number",
}
URL = re.compile(r"https?://[^\s;)]+")
CITED = re.compile(r"\[(\w+)\]")
NUMBER = re.compile(r"\d{1,3}[a-z]?")  # [1993] and [TUMEN] are titles in brackets


def cell(text: object) -> str:
    """Return text that cannot break out of a table cell."""
    return " ".join(str(text).replace("|", "/").replace("<", "&lt;").split())


def table(head: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    """Return a Markdown table."""
    head = list(head)
    lines = [head, ["---"] * len(head), *([cell(item) for item in row] for row in rows)]
    return "\n".join("| " + " | ".join(map(str, line)) + " |" for line in lines) + "\n"


def facts(pairs: Iterable[tuple[str, str]]) -> str:
    """Return a definition list; a pair that says nothing is left out."""
    return "\n".join(f"{key}\n: {value}\n" for key, value in pairs if value)


def read_in(line: Printed, profile: Profile) -> str:
    """Return where a number was read; the standard's own document goes without saying."""
    source = line.source
    if line.mark is None or source is None:
        return ""
    other = source.document if source.document != profile.document else ""
    found = " ".join(filter(None, [other, source.clause, source.address]))
    return found or ("not read" if line.mark == "provisional" else "the document itself")


def item_name(line: Printed) -> str:
    """Return what a parameter of a row is called."""
    name = item_text(line.item, "en")
    return name if line.item == TIERS else f"{name} `{line.item}`"


def linked(text: str) -> str:
    """Return a text whose addresses can be followed."""
    return URL.sub(lambda found: f"<{found[0]}>", cell(text))


def addresses(texts: Iterable[str], known: Mapping[str, str]) -> str:
    """Return the list of the addresses that some texts cite as ``[n]``."""
    numbers = {number for text in texts for number in CITED.findall(text)}
    unknown = sorted(filter(NUMBER.fullmatch, numbers - set(known)))
    if unknown:
        message = f"addresses.toml lacks {', '.join(unknown)}"
        raise LookupError(message)
    lines = [f"- [{key}] {linked(text)}" for key, text in known.items() if key in numbers]
    return "\n".join(lines) + "\n" if lines else ""


def asks(line: Printed) -> str:
    """Return what one line of a standard asks, and of which cities."""
    where = condition_text(line.when, "en")
    return asked(line, "en") + (f" where {where}" if where else "")
