"""Service view: what parks serve as tables for the console.

Question   What does someone see after ``greenspace service``?
Enters     A ServiceMap, a language, a width.
Leaves     Renderables of rich; nothing is printed here.
Elsewhere  Files: service_files. Words: service_words.
"""

from __future__ import annotations

from collections import Counter
from math import isinf, isnan
from typing import TYPE_CHECKING, Final

from rich import box
from rich.console import Group
from rich.table import Table
from rich.text import Text as Line

from greenspace.present.coverage_view import ROOMY
from greenspace.present.display import UNDEFINED, show, show_tiers
from greenspace.present.record import crs_name
from greenspace.present.service_words import service_word
from greenspace.present.terminal import findings_lines
from greenspace.present.words import clean, word, worst_first

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import pandas as pd
    from rich.console import RenderableType

    from greenspace.model.quantity import Ratio
    from greenspace.model.service_map import ServiceMap
    from greenspace.model.words import Language

MOST_ZONES: Final = 200
MOST_BLOCKS: Final = 10
MOST_PARKS: Final = 10
MOST_NAMES: Final = 8
NOISE_M2: Final = 0.005  # shown as nothing


def service_view(
    service: ServiceMap,
    language: Language,
    width: int,
    *,
    ascii_only: bool = False,
    every_finding: bool = False,
) -> Group:
    """Return everything that ``greenspace service`` shows."""
    page = _Page(language, width, box.ASCII if ascii_only else box.SIMPLE_HEAD)
    parts: list[RenderableType] = [page.title("title"), _coverage(service, page)]
    if service.zones:
        parts += [page.title("by_zone"), *_zones(service, page)]
    parts += [page.title("worst"), *_blocks(service, page)]
    parts += [page.title("parks"), *_parks(service, page)]
    parts += [Line(text) for text in _remarks(service, language)]
    parts += findings_lines(worst_first(service.findings), language, every=every_finding)
    return Group(*parts)


def halves(ratio: Ratio, language: Language) -> tuple[str, str]:
    """Return what is served and what is not, as land or as people."""
    unit = "person" if ratio.indicator.startswith("residents") else "m2"
    rest = ratio.denominator - ratio.numerator
    return show(ratio.numerator, unit, language), show(rest, unit, language)


def reason_of(ratio: Ratio, language: Language) -> str:
    """Return why there is no value, nothing where there is one."""
    if ratio.denominator == 0:
        people = ratio.indicator.startswith("residents")
        return service_word("no_persons" if people else "no_homes", language)
    return "" if ratio.reason is None else clean(ratio.reason.of(language))


def way(metres: float, language: Language) -> str:
    """Return a walking distance, or why there is none.

    Examples
    --------
    >>> way(123.4, "en"), way(float("inf"), "en"), way(float("nan"), "en")
    ('123 m', 'no way', 'no path')
    """
    if isnan(metres):
        return service_word("unsnapped", language)
    return service_word("unreachable", language) if isinf(metres) else f"{metres:,.0f} m"


def named(name: object, row: object, language: Language) -> str:
    """Return a name, or the row where there is none."""
    return clean(name) or service_word("row", language).format(row=clean(row))


def zone_titles(service: ServiceMap, language: Language) -> list[str]:
    """Return what tells the zones apart: names, with the row where one is missing or stands twice."""
    zones = service.ground["zones"]
    titles = [named(*zone, language) for zone in zip(zones["name"], zones["row"], strict=True)]
    often = Counter(titles)
    return [
        service_word("again", language).format(name=title, row=clean(row))
        if often[title] > 1
        else title
        for title, row in zip(titles, zones["row"], strict=True)
    ]


class _Page:
    """Language, width and frame of the tables of one page."""

    def __init__(self, language: Language, width: int, frame: box.Box) -> None:
        self.language = language
        self.width = width
        self.frame = frame

    def title(self, key: str) -> Line:
        return Line(service_word(key, self.language), style="bold")

    def table(self, name: str, numbers: Sequence[str]) -> Table:
        """Return an empty table: a column of names, and columns of numbers."""
        table = Table(box=self.frame, width=self.width, pad_edge=False)
        wide = 1 if self.width >= ROOMY else None
        title = service_word(name, self.language)
        table.add_column(title, ratio=wide, min_width=8, overflow="fold")
        for key in numbers:
            title = service_word(key, self.language)
            table.add_column(title, justify="right", overflow="fold")
        return table


def _coverage(service: ServiceMap, page: _Page) -> Table:
    table = page.table("indicator", ("covered", "served", "unserved"))
    for indicator, ratio in service.ratios.items():
        cells = (show(ratio.value, "1", page.language), *halves(ratio, page.language))
        table.add_row(Line(service_word(indicator, page.language)), *map(Line, cells))
    return table


def _zones(service: ServiceMap, page: _Page) -> Iterator[RenderableType]:
    keys = {"service_coverage": "straight", "network_service_coverage": "on_foot"}
    keys |= {name: name for name in ("residents_served", "residents_served_on_foot")}
    shown = [key for key in keys if key in service.zones]
    table = page.table("zone", ("homes", *(keys[key] for key in shown)))
    titles = zone_titles(service, page.language)
    reasons: dict[str, None] = {}
    for place, title in enumerate(titles[:MOST_ZONES]):
        ratios = [service.zones[key].ratio(place) for key in shown]
        cells = [show(ratios[0].denominator, "m2", page.language)]
        cells += [show(ratio.value, "1", page.language) for ratio in ratios]
        table.add_row(Line(title), *map(Line, cells))
        reasons |= dict.fromkeys(reason_of(ratio, page.language) for ratio in ratios)
    yield table
    yield from (Line(f"{UNDEFINED} {reason}", style="dim") for reason in reasons if reason)
    more = len(titles) - MOST_ZONES
    if more > 0:
        yield Line(service_word("more_zones", page.language).format(count=more))


def _blocks(service: ServiceMap, page: _Page) -> Iterator[RenderableType]:
    key = "foot_unserved_m2" if service.on_foot else "unserved_m2"
    lacking = service.blocks[service.blocks[key] > NOISE_M2]
    if lacking.empty:
        yield Line(
            service_word("no_homes" if service.blocks.empty else "all_served", page.language)
        )
        return
    foot = ("share_on_foot", "walk") if service.on_foot else ()
    table = page.table("block", ("unserved", "share", "distance", *foot))
    worst = lacking.sort_values([key, "row"], ascending=[False, True], kind="stable")
    for _, block in worst.head(MOST_BLOCKS).iterrows():
        cells = _block_cells(block, key, page.language, on_foot=service.on_foot)
        table.add_row(Line(named(block["name"], block["row"], page.language)), *map(Line, cells))
    yield table
    key = "foot_note" if service.on_foot else "distance_note"
    yield Line(service_word(key, page.language), style="dim")
    more = len(lacking) - MOST_BLOCKS
    if more > 0:
        yield Line(service_word("more_blocks", page.language).format(count=more))


def _block_cells(block: pd.Series, key: str, language: Language, *, on_foot: bool) -> Iterator[str]:
    yield show(block[key], "m2", language)
    yield show(block["served_share"], "1", language)
    yield UNDEFINED if isnan(block["park_m"]) else f"{block['park_m']:,.0f} m"
    if on_foot:
        yield show(block["foot_served_share"], "1", language)
        yield way(block["foot_m"], language)


def _parks(service: ServiceMap, page: _Page) -> Iterator[RenderableType]:
    parks, language = service.parks, page.language
    reaching = parks[parks["radius_m"] > 0]
    table = page.table("park", ("area", "radius", "alone"))
    for _, park in (
        reaching.sort_values("alone_m2", ascending=False, kind="stable").head(MOST_PARKS).iterrows()
    ):
        cells = (
            show(park["area_m2"], "m2", language),
            f"{park['radius_m']:g} m",
            show(park["alone_m2"], "m2", language),
        )
        table.add_row(Line(named(park["name"], park["row"], language)), *map(Line, cells))
    yield table
    yield Line(service_word("alone_note", language), style="dim")
    idle = reaching[reaching["alone_m2"] <= NOISE_M2]
    if len(idle):
        names = [named(p["name"], p["row"], language) for _, p in idle.head(MOST_NAMES).iterrows()]
        joined = ("、" if language == "zh" else ", ").join(names)
        more = "…" if len(idle) > MOST_NAMES else ""
        said = service_word("idle", language)
        yield Line(said.format(count=len(idle), names=joined, more=more))
    small = int((parks["radius_m"] <= 0).sum())
    if small:
        yield Line(service_word("too_small", language).format(count=small))


def _remarks(service: ServiceMap, language: Language) -> Iterator[str]:
    stop = "：" if language == "zh" else ": "
    said = show_tiers(service.tiers, language)
    where = clean(service.tiers_note.of(language))
    yield f"{service_word('tiers', language)}{stop}{said}  [{where}]"
    if service.on_foot:
        yield service_word("snap", language).format(snap=service.snap_m)
    if "residents_served" in service.ratios:
        yield service_word("people_note", language)
    for ratio in service.ratios.values():
        if reason := reason_of(ratio, language):
            yield f"{service_word(ratio.indicator, language)}{stop}{reason}"
    plane = crs_name(service.ratios["service_coverage"].crs)
    if plane:
        yield f"{word('crs', language)}{stop}{clean(plane)}"
