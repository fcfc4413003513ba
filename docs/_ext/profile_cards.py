"""A card a standard: every row with its number, mark, condition, note and where it was read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from writing import MARKS, addresses, asks, cell, facts, item_name, linked, read_in, table

from greenspace.model.printed import THRESHOLD, count_marks, printed
from greenspace.read.definitions import list_profiles, read_addresses, read_indicators
from greenspace.read.readings import read_topics

if TYPE_CHECKING:
    from greenspace.model.definition import Profile
    from greenspace.model.printed import Printed

MARKS_SAY = (
    "What the marks say stands [here](../../reference/profiles.md); nothing marked "
    "**provisional** is the law. Rows that begin with · are parameters of the row above.\n"
)
HEAD = ["indicator", "asks", "mark", "read in", "note"]


def name_of(line: Printed, disputed: frozenset[str]) -> str:
    """Return what a row is about, linked to its card."""
    if line.item != THRESHOLD:
        return f"· {item_name(line)}"
    part = " **gate**" if line.gate else ""
    reads = (
        f" ([readings](../indicators/{line.indicator}.md#readings))"
        if line.indicator in disputed
        else ""
    )
    return f"[{line.name.zh}](../indicators/{line.indicator}.md) {line.name.en}{part}{reads}"


def level_table(profile: Profile, level: str) -> tuple[str, list[str]]:
    """Return the rows of one level, and every text of them that cites an address."""
    disputed = frozenset(key for topic in read_topics() for key in topic.indicators)
    rows = []
    for line in printed(profile, read_indicators(), level):
        own = line.item == THRESHOLD and not line.mandatory
        notes = [
            "shown, no part in the overall verdict" if own else "",
            "" if line.note is None else line.note.en,
        ]
        rows.append(
            [
                name_of(line, disputed),
                asks(line),
                MARKS[line.mark],
                read_in(line, profile),
                "; ".join(filter(None, notes)),
            ]
        )
    return table(HEAD, rows), [" ".join(row) for row in rows]


def count_text(profile: Profile) -> str:
    """Return how many numbers a standard has of each mark."""
    found = count_marks(profile, read_indicators())
    names = {**MARKS, "unknown": "unknown"}
    return ", ".join(f"{number} {names[mark]}" for mark, number in found.items() if number)


def later(profile: Profile) -> str:
    """Return what replaced a standard."""
    if profile.superseded_by is None:
        return ""
    known = {other.id for other in list_profiles()}
    name = profile.superseded_by
    return f"[{name}]({name}.md)" if name in known else name


def card_page(profile: Profile) -> str:
    """Return the card of one standard."""
    notes = [note.en for note in (profile.note,) if note]
    day = "" if profile.in_force_from is None else profile.in_force_from.isoformat()
    dated = "" if profile.dates_note is None else profile.dates_note.en
    levels = ", ".join(
        f"`{profile.id}:{level}` {profile.level_names[level].zh} {profile.level_names[level].en}"
        for level in profile.levels
    )
    parts = [
        f"# {profile.id} {profile.title.zh}\n",
        f"{profile.title.en}\n",
        facts(
            [
                ("Document 文件", cell(profile.document)),
                (
                    "In force 施行",
                    " ".join(filter(None, [day or "not read", dated and f"({dated})"])),
                ),
                ("Superseded by 被取代", later(profile)),
                ("Levels 级别", levels + ("; name one" if profile.name_a_level else "")),
                ("Numbers 数值", count_text(profile)),
                ("Note 说明", " ".join(notes)),
                ("Judge by it 使用", f"`greenspace check city.toml --standard {profile.id}`"),
            ]
        ),
        MARKS_SAY,
    ]
    texts = [profile.document, *notes, dated]
    for level in profile.levels:
        rows, more = level_table(profile, level)
        name = profile.level_names[level]
        parts += [f"## {name.zh} {name.en}\n", rows]
        texts += more
    listed = addresses(texts, read_addresses())
    return "\n".join([*parts, "## Sources\n" * bool(listed), listed])


def pages() -> dict[str, str]:
    """Return every card by its name under ``cards/``."""
    return {f"profiles/{profile.id}": card_page(profile) for profile in list_profiles()}


def profiles() -> str:
    """Return every standard with how sure its numbers are, the list of the cards, and of addresses."""
    cards, rows = read_indicators(), []
    marks = ("verified", "weak", "provisional", "unknown")
    for profile in list_profiles():
        found = count_marks(profile, cards)
        rows.append(
            [
                f"[{profile.id}](../cards/profiles/{profile.id}.md)",
                f"{profile.title.zh} {profile.title.en}",
                profile.in_force_from or "not read",
                *(found[mark] for mark in marks),
            ]
        )
    head = ["id", "title", "in force from", "V", "V⁻", "M", "unknown"]
    listed = "\n".join(f"../cards/profiles/{profile.id}" for profile in list_profiles())
    places = [f"- [{key}] {linked(text)}" for key, text in read_addresses().items()]
    return "\n".join(
        [
            table(head, rows),
            f"```{{toctree}}\n:hidden:\n\n{listed}\n```\n",
            "## Addresses\n",
            "Where the numbers were read. Many are mirrors or extracts, not the ministry's own page.\n",
            *places,
        ]
    )
