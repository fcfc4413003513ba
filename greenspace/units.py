"""Units: the green land of work units, held against the ratio of their kind, and their titles.

Question   How green are the units, which meet the ratio of their kind, which have a title?
Enters     A Scope; or units and green parcels in any CRS.
Leaves     Ratios with their districts, lists of all units and of those that fall short.
Elsewhere  Estates: estates. What both share: holdings. The kinds: definitions/classes/units.toml.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from greenspace.errors import ColumnError
from greenspace.holdings import (
    Gathering,
    coverage_of,
    green_land,
    measure_green,
    measure_titled,
    rows_of,
    severity_of,
    short_finding,
    short_first,
    with_titles,
)
from greenspace.measure.parcels import green_of_plots
from greenspace.model.ledger import Column, Ledger
from greenspace.model.source import Finding, Source
from greenspace.model.words import Text
from greenspace.prepare.plots import plots_of
from greenspace.read.unit_kinds import read_unit_kinds
from greenspace.scope import no_layer

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

    from greenspace.model.definition import Operator
    from greenspace.model.gauged import Gauged
    from greenspace.model.unit_kinds import UnitKind, UnitKinds
    from greenspace.prepare.ready import Ready
    from greenspace.prepare.repair import Layer
    from greenspace.scope import Scope

RATIO, COMPLIANCE = "unit_green_ratio", "unit_compliance_share"
TITLES = {  # by column: the shares of units that have the title
    "garden": ("garden_unit_share", "garden_unit_share_by_area"),
    "advanced": ("advanced_unit_share",),
}
TITLED = tuple(name for names in TITLES.values() for name in names)
LAYER = "units"
NO_UNITS = Text(zh="建成区内没有单位。", en="There are no units in the built-up area.")
NO_RATIOS = Text(
    zh="建成区内没有哪类单位有规定的绿地率。",
    en="No unit of the built-up area has a ratio to meet.",
)
NO_KIND = Text(
    zh='单位图层没有 kind 字段，不知各单位适用哪个绿地率。请写 columns = { kind = "…" }。',
    en="The units have no column kind, so which ratio each should meet is not known. Write "
    'columns = { kind = "…" }.',
)
UNTITLED = {
    "garden": Text(
        zh='单位图层没有 garden 字段：园林式单位是城市授予的称号，不能由绿地率推断。请写 columns = { garden = "…" }。',
        en="The units have no column garden: a garden unit has its title from the city, which no "
        'green ratio tells. Write columns = { garden = "…" }.',
    ),
    "advanced": Text(
        zh="单位图层没有 advanced 字段：绿化先进单位是城市授予的称号，不能由绿地率推断。",
        en="The units have no column advanced: an advanced unit has its title from the city, which "
        "no green ratio tells.",
    ),
}
UNREADABLE = Text(zh="有的行既不是“是”也不是“否”。", en="Some of its rows say neither yes nor no.")
TITLE = Text(zh="单位名录", en="list of units")
TITLE_SHORT = Text(zh="绿地率未达要求的单位", en="units that fall short of their green ratio")
MOST_LISTED = 5
COLUMNS = (
    Column("name", Text("名称", "name")),
    Column("kind", Text("类别", "kind")),
    Column("district", Text("区", "district")),
    Column("plots", Text("地块数", "plots"), "count"),
    Column("area_m2", Text("用地面积", "area"), "m2"),
    Column("green_m2", Text("绿地面积", "green land"), "m2"),
    Column("ratio", Text("绿地率", "green ratio"), "1"),
    Column("required", Text("要求", "required"), "1"),
    Column("coverage", Text("绿化覆盖率", "green coverage"), "1"),
    Column("meets", Text("达标", "meets it"), "yes_no"),
    Column("garden", Text("园林式", "garden"), "yes_no"),
    Column("advanced", Text("绿化先进", "advanced"), "yes_no"),
)
SHORT = Column("short_m2", Text("缺绿地", "green land missing"), "m2")
NOTE = Text(
    zh="绿地率按绿地地块计，屋顶绿化不计。要求按类别：公共建筑 30%，工业、仓储、商业 20%，学校、医院、机关 35%（[23]，"
    "来源较弱）；其他类别来源未给出，不评定。同区同名同类的地块合为一个。",
    en="Green land is counted by parcels, without roof greening. What is required goes by kind: "
    "public buildings 30 %, industry, storage and trade 20 %, schools, hospitals and offices 35 % "
    "([23], a weak source); of other kinds it says nothing, and they are not judged. Plots of one "
    "name, district and kind are one unit.",
)


def gauge_units(scope: Scope) -> Gauged:
    """Measure the units of a city: their green land, who meets its ratio, who has a title."""
    found = Gathering()
    layer = scope.city.layers.get(LAYER)
    if layer is None:
        found.lack(no_layer(LAYER), RATIO, COMPLIANCE, *TITLED)
        return found.gauged()
    with found.trying(RATIO, COMPLIANCE, *TITLED):
        _gauge(scope, layer, found)
    return found.gauged(LAYER)


def _gauge(scope: Scope, layer: gpd.GeoDataFrame, found: Gathering) -> None:
    terrain = scope.terrain
    units, titles = units_of(
        terrain.ready, layer, found, ground=terrain.built_up, districts=terrain.districts
    )
    kinds = read_unit_kinds()
    owed = [kinds.of(word) for word in units["kind"]]
    parcels = _parcels(scope, found)
    if parcels is not None:
        item = measure_green(scope, RATIO, parcels, units, layer=LAYER, undefined=NO_UNITS)
        found.measured.append(item)
    green = None if parcels is None else green_of_plots(RATIO, parcels, units)
    rows = rows_of(units, green, coverage_of(scope, units), map(asked_of, owed))
    if green is not None:
        with found.trying(COMPLIANCE):
            _measure_compliance(scope, units, owed, rows, found)
    _measure_titles(scope, units, titles, found)
    for title in TITLES:
        rows[title] = units[title].to_numpy() if title in titles else None
    _tell_short(scope, rows, found)
    shown = [_shown(kind, word) for kind, word in zip(owed, units["kind"], strict=True)]
    rows["kind"] = pd.Series(shown, index=rows.index, dtype=object)
    found.ledgers += ledgers_of(rows)


def units_of(
    ready: Ready,
    layer: Layer,
    found: Gathering,
    *,
    ground: Any | None = None,
    districts: gpd.GeoDataFrame | None = None,
) -> tuple[gpd.GeoDataFrame, tuple[str, ...]]:
    """Return one row a unit with its ``kind``, "" where it is not told, and its titles."""
    frame = ready.layer(layer, LAYER)
    kinds = frame["kind"].fillna("").astype(str).str.strip() if "kind" in frame.columns else ""
    frame, titles = with_titles(frame.assign(kind=kinds), LAYER, TITLES, found)
    plots = plots_of(
        frame, LAYER, ground=ground, districts=districts, alike=("kind",), titles=titles
    )
    found.note(plots.findings)
    return plots.frame, titles


def require_kinds(units: gpd.GeoDataFrame, kinds: UnitKinds) -> None:
    """Refuse units of a kind that is not known: which ratio they owe cannot be told.

    Raises
    ------
    ColumnError
        Names the rows, the words, and the nearest word that is known.
    """
    words = units["kind"]
    unknown = np.array([kinds.of(word) is None for word in words], dtype=bool)
    if not unknown.any():
        return
    if (words == "").all():
        raise ColumnError(NO_KIND.zh, NO_KIND.en, layer=LAYER, column="kind")
    found = tuple(dict.fromkeys(words[unknown]))
    guesses = {word: kinds.nearest(word) for word in found if word}
    listed = ", ".join(f"{w} → {g}?" if g else w for w, g in guesses.items()) or "—"
    raise ColumnError(
        f"{int(unknown.sum())} 个单位的类别缺失或不认识：{listed}。",
        f"The kind of {int(unknown.sum())} units is missing or not known: {listed}.",
        remedy=Text(
            zh="请改用 学校、医院、机关、公共建筑、工业、仓储、商业、公用设施、其他 等。",
            en="Write school, hospital, office, public, industry, storage, trade, utility or other.",
        ),
        layer=LAYER,
        column="kind",
        rows=units.index[unknown],
        expected=tuple(guess for guess in guesses.values() if guess),
        found=found,
    )


def _parcels(scope: Scope, found: Gathering) -> NDArray[Any] | None:
    green = scope.city.layers.get("green")
    if green is None:
        found.lack(no_layer("green"), RATIO, COMPLIANCE)
        return None
    parcels = None
    with found.trying(RATIO, COMPLIANCE):
        parcels, findings = green_land(scope.terrain.ready, green, scope.city.editions.get("green"))
        found.note(findings)
    return parcels


def _measure_compliance(
    scope: Scope,
    units: gpd.GeoDataFrame,
    owed: list[UnitKind | None],
    rows: pd.DataFrame,
    found: Gathering,
) -> None:
    """Measure which share of the units meets the ratio of its kind, by number."""
    require_kinds(units, read_unit_kinds())
    has = np.array([kind is not None and kind.least is not None for kind in owed], dtype=bool)
    if not has.all():
        found.note([_without_ratio(units, owed, has)])
    judged = units[has].assign(meets=rows["meets"][has].eq(other=True))
    item = measure_titled(scope, COMPLIANCE, judged, "meets", layer=LAYER, undefined=NO_RATIOS)
    more = (*scope.city.sources("green"), source_of_ratios())
    found.measured.append(replace(item, ratio=item.ratio.with_sources(*more)))


def _without_ratio(
    units: gpd.GeoDataFrame, owed: list[UnitKind | None], has: NDArray[np.bool_]
) -> Finding:
    names = dict.fromkeys(kind.name for kind in owed if kind is not None and kind.least is None)
    rows = tuple(units.index[~has])
    text = Text(
        zh=f"{len(rows)} 个单位（{'、'.join(name.zh for name in names)}）的类别没有查到规定的绿地率，未参加达标比例。",
        en=f"Units of kinds without a ratio ({', '.join(name.en for name in names)}), left out of "
        f"the share that meets it: {len(rows)}.",
    )
    return Finding(
        code="kind_without_ratio",
        text=text,
        severity="warning",
        layer=LAYER,
        rows=rows,
        count=len(rows),
        indicators=(COMPLIANCE,),
    )


def source_of_ratios() -> Source:
    """Return where the ratios of the kinds were read, and how sure they are."""
    kind = next(kind for kind in read_unit_kinds().kinds if kind.least is not None)
    note = Text(zh="来源较弱", en="weak source")
    return Source(
        role="unit_kinds", name=f"{kind.source.document} {kind.source.address}", note=note
    )


def _measure_titles(
    scope: Scope, units: gpd.GeoDataFrame, titles: tuple[str, ...], found: Gathering
) -> None:
    for title, indicators in TITLES.items():
        if title not in titles:
            given = title in scope.city.layers[LAYER].columns
            found.lack(UNREADABLE if given else UNTITLED[title], *indicators)
            continue
        for indicator in indicators:
            item = measure_titled(
                scope,
                indicator,
                units,
                title,
                layer=LAYER,
                undefined=NO_UNITS,
                by_area=indicator.endswith("_by_area"),
            )
            found.measured.append(item)


def _tell_short(scope: Scope, rows: pd.DataFrame, found: Gathering) -> None:
    """Tell how many units fall short, and those among them that have a title."""
    short = short_first(rows)
    if short.empty:
        return
    lack, area = float(short["short_m2"].sum()), float(short["area_m2"].sum())
    text = Text(
        zh=f"{len(short)} 个单位（{area / 1e4:.2f} 公顷）的绿地率低于本类要求，共缺绿地 {lack:.0f} 平方米。",
        en=f"Units that fall short of the ratio of their kind: {len(short)} ({area / 1e4:.2f} ha), by "
        f"{lack:.0f} m² of green land in all.",
    )
    grave = severity_of(scope, RATIO, COMPLIANCE)
    found.note([short_finding("units_short", text, LAYER, short, COMPLIANCE, severity=grave)])
    titled = short[short["garden"].eq(other=True)]
    if len(titled):
        names = "、".join(titled["name"].head(MOST_LISTED))
        text = Text(
            zh=f"{len(titled)} 个园林式单位的绿地率未达本类要求：{names}。称号仍按城市授予的计。",
            en=f"Garden units whose green ratio falls short of their kind's: {len(titled)} ({names}). "
            "The title counts as the city gave it.",
        )
        found.note([short_finding("garden_short", text, LAYER, titled, TITLES["garden"][0])])


def asked_of(kind: UnitKind | None) -> tuple[float, Operator]:
    """Return the ratio that a unit of some kind owes, NaN where none is known."""
    least = None if kind is None else kind.least
    return float("nan") if least is None else least, ">="


def _shown(kind: UnitKind | None, word: str) -> Text | str:
    return word if kind is None else kind.name


def ledgers_of(rows: pd.DataFrame) -> tuple[Ledger, Ledger]:
    """Return the list of all units, and of those that fall short."""
    every = [column.key for column in COLUMNS]
    short = short_first(rows)[[*every, SHORT.key]].reset_index(drop=True)
    return (
        Ledger("units", TITLE, COLUMNS, rows[every].reset_index(drop=True), NOTE),
        Ledger("units_short", TITLE_SHORT, (*COLUMNS, SHORT), short, NOTE),
    )
