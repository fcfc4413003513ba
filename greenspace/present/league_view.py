"""League view: many cities on the console, one line each.

Question   What does somebody see after ``greenspace check-all``?
Enters     A League, a language, a width.
Leaves     Renderables of rich; nothing is printed here.
Elsewhere  The same as a page and a workbook: league_files. Checking the cities: province.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rich import box
from rich.console import Group
from rich.table import Table
from rich.text import Text as Line

from greenspace.model.words import Text
from greenspace.present.league_words import IN_SHORT, T
from greenspace.present.terminal import COLOURS, findings_lines
from greenspace.present.words import VERDICTS, clean, word

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import RenderableType

    from greenspace.model.league import CityRow, League
    from greenspace.model.words import Language

ROWS_SHOWN: Final = 5
CITIES_SHOWN: Final = 3
FAILS: Final = Text("未通过的必须项", "Mandatory rows that fail")
MOST: Final = Text(
    "未通过城市最多：{name}（{standard}），{assessed} 个城市中 {failed} 个：{cities}",
    "Failed by most: {name} ({standard}), {failed} of {assessed} cities: {cities}",
)


def league_view(league: League, language: Language, width: int, *, ascii_only: bool) -> Group:
    """Return a table of the cities, why some do not count, and which rows most of them fail."""
    table = Table(box=box.ASCII if ascii_only else box.SIMPLE_HEAD, width=min(width, 110))
    for key in ("city", "state"):
        table.add_column(T[key].of(language), overflow="fold")
    table.add_column(word("overall", language), overflow="fold")
    table.add_column(FAILS.of(language), overflow="fold", ratio=1)
    for row in league.rows:
        table.add_row(*_cells(row, language))
    parts: list[RenderableType] = [table]
    parts += _uncounted(league, language)
    parts += _standing(league, language)
    parts += findings_lines(league.findings, language) if league.findings else []
    return Group(*parts)


def _cells(row: CityRow, language: Language) -> tuple[RenderableType, ...]:
    state = IN_SHORT[row.state].of(language)
    if row.verdict is None:
        return Line(_named(row)), Line(state, style="bold red"), Line(""), Line("")
    failing = [
        verdict.name.of(language)
        for (law, _), verdict in row.judged.items()
        if law is None and verdict.mandatory and verdict.verdict == "fail"
    ]
    stop = "、" if language == "zh" else ", "
    style = COLOURS[row.verdict] if row.counted else "dim"
    return (
        Line(_named(row)),
        Line(state, style="" if row.counted else "yellow"),
        Line(f"{VERDICTS[row.verdict].of(language)}{'*' if row.provisional else ''}", style=style),
        Line(clean(stop.join(failing)), style="" if row.counted else "dim"),
    )


def _named(row: CityRow) -> str:
    return clean(row.id if row.name in {"", row.id} else f"{row.id} {row.name}")


def _uncounted(league: League, language: Language) -> Iterator[Line]:
    rows = [row for row in league.rows if not row.counted]
    if rows:
        yield Line(T["uncounted"].of(language), style="bold")
    for row in rows:
        why = (" " if language == "en" else "").join(words.of(language) for words in row.why)
        state = IN_SHORT[row.state].of(language)
        yield Line(clean(f"  {row.id} [{state}] {why}"))


def _standing(league: League, language: Language) -> Iterator[Line]:
    stop = "、" if language == "zh" else ", "
    worst = [tally for tally in league.tallies if tally.failed and tally.kind == "mandatory"]
    worst.sort(key=lambda tally: (-len(tally.failed), -(tally.share or 0.0)))
    for tally in worst[:ROWS_SHOWN]:
        named = stop.join(tally.failed[:CITIES_SHOWN])
        more = "…" if len(tally.failed) > CITIES_SHOWN else ""
        yield Line(
            clean(
                MOST.of(language).format(
                    name=tally.name.of(language),
                    standard=tally.standard,
                    assessed=tally.assessed,
                    failed=len(tally.failed),
                    cities=named + more,
                )
            )
        )
    for standard in dict.fromkeys(item.standard for item in league.standings):
        mine = [item for item in league.standings if item.standard == standard]
        told = (
            T["count"]
            .of(language)
            .format(
                count=sum(item.cities for item in mine),
                passed=sum(item.passed for item in mine),
                failed=sum(item.failed for item in mine),
                not_assessable=sum(item.not_assessable for item in mine),
            )
        )
        yield Line(clean(f"{standard}: {told}"), style="bold")
