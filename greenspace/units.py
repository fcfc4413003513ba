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
from greenspace.evaluate.unit_rules import UnitRules, unit_rules
from greenspace.holdings import (
    Gathering,
    coverage_of,
    green_land,
    measure_green,
    measure_titled,
    names_of,
    rows_of,
    severity_of,
    short_finding,
    short_first,
    with_titles,
)
from greenspace.measure.parcels import green_of_all, green_of_plots
from greenspace.model.ledger import Column, Ledger
from greenspace.model.names import name_of
from greenspace.model.source import Finding
from greenspace.model.words import Text
from greenspace.prepare.plots import Plots, inside_of, plots_of
from greenspace.read.unit_kinds import read_unit_kinds
from greenspace.scope import no_layer

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

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
BY_KIND = Text(zh="各类单位绿地率", en="units by kind")
KIND_COLUMNS = (
    Column("kind", Text("类别", "kind")),
    Column("units", Text("单位数", "units"), "count"),
    Column("area_m2", Text("用地面积", "area"), "m2"),
    Column("green_m2", Text("绿地面积", "green land"), "m2"),
    Column("ratio", Text("绿地率", "green ratio"), "1"),
    Column("required", Text("要求", "required"), "1"),
    Column("complying", Text("达标单位数", "units that meet it"), "count"),
)
BY_PARCELS = Text(
    zh="绿地率按绿地地块计，屋顶绿化不计。同名的地块合为一个单位，其中类别不同的部分分行列出，称号按一个计。",
    en="Green land is counted by parcels, without roof greening. Plots of one name are one unit: its "
    "parts of another kind have rows of their own, and its titles count once. ",
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
    terrain, kinds = scope.terrain, read_unit_kinds()
    plots, titles = units_of(
        terrain.ready, layer, found, ground=terrain.built_up, districts=terrain.districts
    )
    units, rules = plots.frame, UnitRules((), together=False)
    with found.trying(COMPLIANCE):
        rules = unit_rules(kinds, scope.profile, scope.level)
    owed = [kinds.of(word) for word in units["kind"]]
    parcels = _parcels(scope, found)
    if parcels is not None:
        item = measure_green(scope, RATIO, parcels, units, layer=LAYER, undefined=NO_UNITS)
        found.measured.append(item)
    green = None if parcels is None else green_of_plots(RATIO, parcels, units)
    rows = rows_of(units, green, coverage_of(scope, units), map(rules.of, owed))
    if COMPLIANCE not in found.missing:
        with found.trying(COMPLIANCE):
            _measure_compliance(scope, units, owed, rows, rules, found)
    _measure_titles(scope, plots.named, titles, found)
    for title in TITLES:
        rows[title] = units[title].to_numpy() if title in titles else None
    _tell_short(scope, rows, found)
    shown = [_shown(kind, word) for kind, word in zip(owed, units["kind"], strict=True)]
    rows["kind"] = pd.Series(shown, index=rows.index, dtype=object)
    found.ledgers += ledgers_of(rows, rules)
    found.ledgers.append(_by_kind(units, rows, parcels, rules))


def units_of(
    ready: Ready,
    layer: Layer,
    found: Gathering,
    *,
    ground: Any | None = None,
    districts: gpd.GeoDataFrame | None = None,
) -> tuple[Plots, tuple[str, ...]]:
    """Return units with their ``kind``, "" where it is not told, and which titles are told."""
    frame, cut = inside_of(ready.layer(layer, LAYER), LAYER, ground)
    found.note(cut)
    written = frame["kind"] if "kind" in frame.columns else [""] * len(frame)
    words, kinds = [name_of(word) for word in written], read_unit_kinds()
    known = [kinds.of(word) for word in words]
    sorts = [word if kind is None else kind.id for kind, word in zip(known, words, strict=True)]
    frame, titles = with_titles(frame.assign(kind=words, sort=sorts), LAYER, TITLES, found)
    plots = plots_of(frame, LAYER, districts=districts, alike=("sort",), titles=titles)
    found.note(plots.findings)
    return plots, titles


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
    rules: UnitRules,
    found: Gathering,
) -> None:
    """Measure which share of the units meets the ratio of its kind, by number."""
    require_kinds(units, read_unit_kinds())
    has = np.array([bool(rules.of(kind).readings) for kind in owed], dtype=bool)
    if not has.all():
        found.note([_without_ratio(units, owed, has)])
    judged = units[has].assign(meets=rows["meets"].eq(other=True).to_numpy()[has])
    item = measure_titled(scope, COMPLIANCE, judged, "meets", layer=LAYER, undefined=NO_RATIOS)
    more = (*scope.city.sources("green"), *rules.sources)
    found.measured.append(replace(item, ratio=item.ratio.with_sources(*more)))


def _without_ratio(
    units: gpd.GeoDataFrame, owed: list[UnitKind | None], has: NDArray[np.bool_]
) -> Finding:
    out = [kind for kind, told in zip(owed, has, strict=True) if kind is not None and not told]
    names = dict.fromkeys(kind.name for kind in out)
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
    grave = severity_of(scope, COMPLIANCE)
    found.note([short_finding("units_short", text, LAYER, short, COMPLIANCE, severity=grave)])
    titled = short[short["garden"].eq(other=True)]
    if len(titled):
        each = names_of(titled)
        names = "、".join(each[:MOST_LISTED])
        text = Text(
            zh=f"{len(each)} 个园林式单位的绿地率未达本类要求：{names}。称号仍按城市授予的计。",
            en=f"Garden units whose green ratio falls short of their kind's: {len(each)} ({names}). "
            "The title counts as the city gave it.",
        )
        found.note([short_finding("garden_short", text, LAYER, titled, TITLES["garden"][0])])


def _shown(kind: UnitKind | None, word: str) -> Text | str:
    return word if kind is None else kind.name


def ledgers_of(rows: pd.DataFrame, rules: UnitRules) -> tuple[Ledger, Ledger]:
    """Return the list of all units, and of those that fall short."""
    every, note = [column.key for column in COLUMNS], _note(rules)
    short = short_first(rows)[[*every, SHORT.key]].reset_index(drop=True)
    return (
        Ledger("units", TITLE, COLUMNS, rows[every].reset_index(drop=True), note),
        Ledger("units_short", TITLE_SHORT, (*COLUMNS, SHORT), short, note),
    )


def _note(rules: UnitRules) -> Text:
    said = rules.sentence
    return Text(zh=BY_PARCELS.zh + said.zh, en=BY_PARCELS.en + said.en)


def _by_kind(
    units: gpd.GeoDataFrame, rows: pd.DataFrame, parcels: NDArray[Any] | None, rules: UnitRules
) -> Ledger:
    """Return one row a kind: its land, counted once where units overlap, and who meets its ratio."""
    kinds, listed = units["sort"].to_numpy(), []
    for sort in dict.fromkeys(kinds):
        at = kinds == sort
        green = np.array([], dtype=object) if parcels is None else parcels
        ratio, _ = green_of_all(RATIO, green, units[at])
        own, known = rows[at], next((kind for kind in rules.kinds if kind.id == sort), None)
        owed = rules.of(known).readings
        listed.append(
            {
                "kind": own["kind"].iloc[0],
                "units": float(at.sum()),
                "area_m2": ratio.denominator,
                "green_m2": np.nan if parcels is None else ratio.numerator,
                "ratio": np.nan if parcels is None else ratio.value,
                "required": owed[0] if owed else np.nan,
                "complying": float(own["meets"].eq(other=True).sum())
                if owed and parcels is not None
                else np.nan,
            }
        )
    frame = pd.DataFrame(listed, columns=[column.key for column in KIND_COLUMNS])
    return Ledger("unit_kinds", BY_KIND, KIND_COLUMNS, frame, _note(rules))
