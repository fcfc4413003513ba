"""Estates: the green land of residential areas, new and rebuilt, and which are garden estates.

Question   How green are the estates, which fall short and by how much, which have the title?
Enters     A Scope; or residential land and green parcels in any CRS.
Leaves     Ratios with their districts, lists of all estates and of those that fall short.
Elsewhere  Units: units. What both share: holdings. Which plots are one: prepare/plots.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from greenspace.evaluate.required import NO_SOURCE, Required, required_of
from greenspace.holdings import (
    Gathering,
    coverage_of,
    green_land,
    measure_green,
    measure_titled,
    names_of,
    registered_once,
    rows_of,
    severity_of,
    short_finding,
    short_first,
    with_titles,
)
from greenspace.measure.parcels import green_of_plots
from greenspace.model.check import Measured
from greenspace.model.ledger import Column, Ledger
from greenspace.model.quantity import Ratio
from greenspace.model.words import Text
from greenspace.prepare.plots import Plots, inside_of, plots_of
from greenspace.prepare.statuses import NEW, OLD, statuses
from greenspace.read.definitions import read_profile
from greenspace.scope import no_layer

if TYPE_CHECKING:
    from collections.abc import Mapping

    import geopandas as gpd
    import pandas as pd
    from numpy.typing import NDArray

    from greenspace.model.definition import Profile
    from greenspace.model.gauged import Gauged
    from greenspace.prepare.ready import Ready
    from greenspace.prepare.repair import Layer
    from greenspace.scope import Scope

NEW_RATIO, OLD_RATIO = "new_residential_green_ratio", "rebuilt_residential_green_ratio"
RATIOS = {NEW: NEW_RATIO, OLD: OLD_RATIO}
GARDEN, GARDEN_BY_AREA = "garden_estate_share", "garden_estate_share_by_area"
GARDEN_COUNT, YARDS = "garden_estate_count", "exemplary_yard_count"
LAYER = "residential"
READ_IN = "CN-2000", "medium"  # where the two ratios were read, for standards that are silent
KINDS = {
    NEW: Text(zh="新建", en="new"),
    OLD: Text(zh="旧区", en="old"),
    "": Text(zh="未说明", en="not said"),
}
NO_ESTATES = {
    NEW: Text(zh="建成区内没有新建居住区。", en="There are no new residential areas."),
    OLD: Text(zh="建成区内没有改造的旧居住区。", en="There are no rebuilt old residential areas."),
}
NONE_AT_ALL = Text(zh="建成区内没有居住区。", en="There are no residential areas.")
UNTITLED = Text(
    zh='居住用地没有 garden 字段：园林式居住区是城市授予的称号，不能由绿地率推断。请写 columns = { garden = "…" }。',
    en="Residential land has no column garden: a garden estate has its title from the city, which "
    'no green ratio tells. Write columns = { garden = "…" }.',
)
UNREADABLE = Text(
    zh="居住用地的 garden 字段有既不是“是”也不是“否”的行。",
    en="Some rows of the column garden of residential land say neither yes nor no.",
)
TITLE = Text(zh="居住区名录", en="list of estates")
TITLE_SHORT = Text(zh="绿地率未达要求的居住区", en="estates that fall short of their green ratio")
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
)
SHORT = Column("short_m2", Text("缺绿地", "green land missing"), "m2")
NOTE = Text(
    zh="绿地率按绿地地块计，屋顶绿化不计；各居住区分别量算，重叠部分各自计入。绿化覆盖率由判定的植被得出，仅供对照。"
    "GB 50180 A.0.2 的边界规则未应用。所评标准没有此项的，按 2000 年标准要求。同名的地块合为一个居住区，"
    "其中新建、旧区的部分分行列出，称号按一个计。要求有两种读法时，按两种读法结论一致的评定。",
    en="Green land is counted by parcels, without roof greening; each estate stands on its own, "
    "ground that two of them claim counts in both. Coverage is that of the judged vegetation, for "
    "comparison. The boundary rules of GB 50180 A.0.2 are not applied. A standard without these "
    "rows asks what that of 2000 does. Plots of one name are one "
    "estate: its new and its old part have rows of their own, and its title counts once. Where the "
    "requirement has two readings, those are judged of whom both say the same.",
)


def gauge_estates(scope: Scope) -> Gauged:
    """Measure the estates of a city: their green land, who falls short, which are garden ones."""
    found = Gathering()
    _count_yards(scope, found)
    homes = scope.city.layers.get(LAYER)
    if homes is None:
        found.lack(no_layer(LAYER), *RATIOS.values(), GARDEN, GARDEN_BY_AREA, GARDEN_COUNT)
        return found.gauged("exemplary_yards")
    with found.trying(*RATIOS.values(), GARDEN, GARDEN_BY_AREA, GARDEN_COUNT):
        _gauge(scope, homes, found)
    return found.gauged(LAYER, "exemplary_yards")


def _gauge(scope: Scope, homes: gpd.GeoDataFrame, found: Gathering) -> None:
    terrain, settings = scope.terrain, scope.city.settings.get(LAYER, {})
    plots, titles = estates_of(
        terrain.ready,
        homes,
        found,
        ground=terrain.built_up,
        districts=terrain.districts,
        new_since=settings.get("new_since"),
    )
    estates = plots.frame
    parcels = _parcels(scope, found)
    if parcels is not None:
        _measure_kinds(scope, estates, parcels, found)
    _measure_titles(scope, plots.named, titles, found)
    green = None if parcels is None else green_of_plots(NEW_RATIO, parcels, estates)
    rules = asked(scope.profile, scope.level, scope.city.facts)
    rows = rows_of(
        estates, green, coverage_of(scope, estates), [rules[kind] for kind in estates["status"]]
    )
    rows["garden"] = estates["garden"].to_numpy() if titles else None
    rows["status"] = estates["status"].to_numpy()
    _tell_short(scope, rows, found)
    tell_open(rows, rules, found)
    found.ledgers += ledgers_of(rows)


def asked(profile: Profile, level: str, facts: Mapping[str, object]) -> dict[str, Required]:
    """Return what a standard asks of estates of each kind; a silent one asks what that of 2000 does.

    Examples
    --------
    >>> asked(read_profile("CN-2022"), "garden", {})["new"].readings
    (0.3,)
    """
    old, size = READ_IN
    return {
        kind: required_of(profile, level, indicator, facts)
        or required_of(read_profile(old), size, indicator, facts)
        or Required(reason=NO_SOURCE)
        for kind, indicator in RATIOS.items()
    } | {"": Required(reason=NO_SOURCE)}


def estates_of(
    ready: Ready,
    homes: Layer,
    found: Gathering,
    *,
    ground: Any | None = None,
    districts: gpd.GeoDataFrame | None = None,
    new_since: int | None = None,
) -> tuple[Plots, tuple[str, ...]]:
    """Return estates with their ``status``, "" where it is not told, and which titles are told."""
    frame, cut = inside_of(ready.layer(homes, LAYER), LAYER, ground)
    found.note(cut)
    told: Any = ""
    with found.trying(*RATIOS.values()):
        told = statuses(frame, LAYER, new_since=new_since)
    frame, titles = with_titles(frame.assign(status=told), LAYER, ("garden",), found)
    plots = plots_of(frame, LAYER, districts=districts, alike=("status",), titles=titles)
    found.note(plots.findings)
    return plots, titles


def _parcels(scope: Scope, found: Gathering) -> NDArray[Any] | None:
    """Return the green land of a city, or say why there is none."""
    green = scope.city.layers.get("green")
    if green is None:
        found.lack(no_layer("green"), *RATIOS.values())
        return None
    parcels = None
    with found.trying(*RATIOS.values()):
        parcels, findings = green_land(scope.terrain.ready, green, scope.city.editions.get("green"))
        found.note(findings)
    return parcels


def _measure_kinds(
    scope: Scope, estates: gpd.GeoDataFrame, parcels: NDArray[Any], found: Gathering
) -> None:
    for kind, indicator in RATIOS.items():
        if indicator in found.missing:
            continue
        own = estates[estates["status"] == kind]
        found.measured.append(
            measure_green(scope, indicator, parcels, own, layer=LAYER, undefined=NO_ESTATES[kind])
        )


def _measure_titles(
    scope: Scope, estates: gpd.GeoDataFrame, titles: tuple[str, ...], found: Gathering
) -> None:
    if not titles:
        refused = scope.city.layers[LAYER].columns
        found.lack(
            UNREADABLE if "garden" in refused else UNTITLED, GARDEN, GARDEN_BY_AREA, GARDEN_COUNT
        )
        return
    for indicator in (GARDEN, GARDEN_BY_AREA):
        item = measure_titled(
            scope,
            indicator,
            estates,
            "garden",
            layer=LAYER,
            undefined=NONE_AT_ALL,
            by_area=indicator == GARDEN_BY_AREA,
        )
        found.measured.append(item)
    count = float(estates["garden"].sum())
    sources = scope.city.sources(LAYER, "built_up")
    found.measured.append(Measured(ratio=Ratio(GARDEN_COUNT, count, 1.0, "count", None, sources)))


def _count_yards(scope: Scope, found: Gathering) -> None:
    """Count the exemplary yards that the city has registered, each once."""
    yards = scope.city.layers.get("exemplary_yards")
    if yards is None:
        found.lack(no_layer("exemplary_yards"), YARDS)
        return
    count, findings = registered_once(yards, "exemplary_yards", ("name", "district"))
    found.note(findings)
    sources = scope.city.sources("exemplary_yards")
    ratio = Ratio(YARDS, float(count), 1.0, "count", None, sources)
    found.measured.append(Measured(ratio=ratio))


def _tell_short(scope: Scope, rows: pd.DataFrame, found: Gathering) -> None:
    """Tell which estates fall short, though the city as a whole may pass."""
    cities = {item.ratio.indicator: item.ratio for item in found.measured}
    for kind, indicator in RATIOS.items():
        own = rows[rows["status"] == kind]
        short = short_first(own)
        if indicator not in cities or short.empty:
            continue
        least, city = float(short["required"].iloc[0]), cities[indicator].value
        name, area = KINDS[kind], float(short["area_m2"].sum())
        lack = float(short["short_m2"].sum())
        text = Text(
            zh=f"{len(own)} 个{name.zh}居住区中有 {len(short)} 个（{area / 1e4:.2f} 公顷）绿地率低于 "
            f"{100 * least:g}%，共缺绿地 {lack:.0f} 平方米；全市为 {city:.2%}。",
            en=f"Of {len(own)} {name.en} residential areas {len(short)} ({area / 1e4:.2f} ha) fall "
            f"short of {100 * least:g}%, by {lack:.0f} m² of green land in all; the city has "
            f"{city:.2%}.",
        )
        grave = severity_of(scope, indicator)
        found.note([short_finding("estates_short", text, LAYER, short, indicator, severity=grave)])
    titled = short_first(rows[rows["garden"].eq(other=True)])
    if len(titled):
        each = names_of(titled)
        names = "、".join(each[:MOST_LISTED])
        text = Text(
            zh=f"{len(each)} 个园林式居住区的绿地率未达要求：{names}。称号仍按城市授予的计。",
            en=f"Garden estates whose green ratio falls short: {len(each)} ({names}). The title "
            "counts as the city gave it.",
        )
        found.note([short_finding("garden_short", text, LAYER, titled, GARDEN)])


def tell_open(rows: pd.DataFrame, rules: Mapping[str, Required], found: Gathering) -> None:
    """Tell which estates could not be judged, and why."""
    for kind, indicator in RATIOS.items():
        own = rows[(rows["status"] == kind) & rows["ratio"].notna() & rows["meets"].isna()]
        if own.empty:
            continue
        rule = rules[kind]
        listed = ", ".join(f"{100 * least:g}%" for least in rule.readings)
        why = rule.reason or Text(
            zh=f"要求有几种读法（{listed}），结论不一致。",
            en=f"The requirement has several readings ({listed}), which differ here.",
        )
        text = Text(
            zh=f"{len(own)} 个{KINDS[kind].zh}居住区未评定：{why.zh}",
            en=f"{KINDS[kind].en.capitalize()} residential areas that are not judged: {len(own)}. "
            f"{why.en}",
        )
        found.note([short_finding("estates_open", text, LAYER, own, indicator)])


def ledgers_of(rows: pd.DataFrame) -> tuple[Ledger, Ledger]:
    """Return the list of all estates, and of those that fall short."""
    rows = rows.assign(kind=rows["status"].map(KINDS))
    every = [column.key for column in COLUMNS]
    short = short_first(rows)
    return (
        Ledger("estates", TITLE, COLUMNS, rows[every].reset_index(drop=True), NOTE),
        Ledger(
            "estates_short",
            TITLE_SHORT,
            (*COLUMNS, SHORT),
            short[[*every, SHORT.key]].reset_index(drop=True),
            NOTE,
        ),
    )
