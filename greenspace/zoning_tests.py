"""Zoning tests: what a zoning must stand, with the places where it does not.

Question   Are all names known, is the cover exact, and do shares and buffer keep the rules?
Enters     Zones of one park beside its boundary.
Leaves     PlanChecks.
Elsewhere  The geometry: delimit/zoning. Tables: zoning_tables. Rules: read/zonings.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import geopandas as gpd

from greenspace.delimit.zoning import GAP, NOISE_WIDTH_M, OUTSIDE, OVERLAP
from greenspace.model.plan_check import PlanCheck
from greenspace.model.words import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from greenspace.model.zoning_scheme import ShareRule
    from greenspace.zoning_held import Covered, Held

SUM_NOISE = 1e-6
MOST_NAMED = 5
TITLES = {
    GAP: Text("没有缝隙", "No gap"),
    OVERLAP: Text("没有重叠", "No overlap"),
    OUTSIDE: Text("不超出边界", "Nothing beyond the boundary"),
}
IDS = {GAP: "no_gap", OVERLAP: "no_overlap", OUTSIDE: "inside_boundary"}


def zoning_checks(held: Held) -> tuple[PlanCheck, ...]:
    """Return every test of a zoning."""
    covers = (check for part in held.covered for check in _cover_checks(held, part))
    shares = (_share(held, rule) for rule in held.rows.scheme.shares)
    core = () if held.buffered is None else (_buffer(held),)
    return (_names(held), *covers, _levels(held), _sum(held), *shares, *core)


def _places(held: Held, shapes: Iterable[Any]) -> gpd.GeoSeries:
    return gpd.GeoSeries(list(shapes), crs=held.rows.frame.crs)


def _names(held: Held) -> PlanCheck:
    rows = held.rows
    wrong = rows.unknown
    odd = sorted({word or "—" for word, bad in zip(rows.words, wrong, strict=True) if bad})
    named = odd[:MOST_NAMED]
    more = "…" if len(odd) > MOST_NAMED else ""
    known = [kind.name for kind in rows.scheme.kinds]
    text = Text(
        f"{int(wrong.sum())} 行的分区名不在方案中：{'、'.join(named)}{more}。方案有："
        f"{'、'.join(name.zh for name in known)}。",
        f"Rows whose zone is none of the scheme: {int(wrong.sum())} ({', '.join(named)}{more}). It "
        f"has {', '.join(name.en for name in known)}.",
    )
    if not wrong.any():
        text = Text("全部分区名都在方案中。", "Every zone is one of the scheme.")
    return PlanCheck(
        id="names_known",
        title=Text("分区名在方案中", "Zones are those of the scheme"),
        passed=not wrong.any(),
        text=text,
        count=int(wrong.sum()),
        area_m2=float(rows.frame.area[wrong].sum()),
        places=_places(held, rows.shapes[wrong]),
    )


def _cover_checks(held: Held, part: Covered) -> Iterator[PlanCheck]:
    faults = part.cover.faults
    second = Text("（功能区）", " (function zones)") if part.functions else Text("", "")
    for kind, title in TITLES.items():
        own = faults.of(kind)
        count, area = int(own.sum()), float(faults.area_m2[own].sum())
        shapes = faults.shape[own]
        yield PlanCheck(
            id=IDS[kind] + ("_functions" if part.functions else ""),
            title=Text(title.zh + second.zh, title.en + second.en),
            passed=count == 0,
            text=_cover_text(held, count, area, shapes, faults.area_m2[own]),
            count=count,
            area_m2=area,
            places=_places(held, shapes),
        )


def _cover_text(held: Held, count: int, area: float, shapes: Any, areas: Any) -> Text:
    width = held.noise_width_m * 1000
    if not count:
        return Text(f"没有宽于 {width:g} 毫米的。", f"None wider than {width:g} mm.")
    at = shapes[0].representative_point()
    return Text(
        f"{count} 处，共 {area:,.2f} 平方米；最大 {areas[0]:,.2f} 平方米，位于东 {at.x:.1f}、北 {at.y:.1f}。",
        f"Places: {count}, {area:,.2f} m² in all; the largest, {areas[0]:,.2f} m², is at east "
        f"{at.x:.1f}, north {at.y:.1f}.",
    )


def _levels(held: Held) -> PlanCheck:
    rows = held.rows
    title = Text("功能区各属一个管控区", "Each function zone lies in one control area")
    if not rows.functions.any() and not rows.misfits:
        why = Text("没有给功能区。", "No function zones were given.")
        return PlanCheck(id="levels", title=title, passed=None, text=why)
    wrong = list(rows.misfits)
    listed = [(rows.frame.index[row], rows.misfits[row]) for row in wrong[:MOST_NAMED]]
    text = Text(
        f"{len(wrong)} 行不符：" + "；".join(f"行 {label} {why.zh}" for label, why in listed),
        f"Rows that do not fit: {len(wrong)}. " + "; ".join(f"{n}: {why.en}" for n, why in listed),
    )
    if not wrong:
        text = Text("全部符合。", "All do.")
    return PlanCheck(
        id="levels",
        title=title,
        passed=not wrong,
        text=text,
        count=len(wrong),
        area_m2=float(rows.frame.area.to_numpy()[wrong].sum()),
        places=_places(held, rows.shapes[wrong]),
    )


def _sum(held: Held) -> PlanCheck:
    whole = held.level_sum
    noise = held.covered[0].cover.noise_m2 / held.whole_m2
    return PlanCheck(
        id="shares_sum",
        title=Text("管控区占比之和为 1", "Shares of control areas add up to 1"),
        passed=abs(whole - 1.0) <= SUM_NOISE + noise,
        text=Text(f"合计 {whole:.8f}。", f"They add up to {whole:.8f}."),
    )


def _share(held: Held, rule: ShareRule) -> PlanCheck:
    kind = next(kind for kind in held.rows.scheme.kinds if kind.id == rule.zone)
    found = held.portion(kind)
    value, low, high = (m2 / held.whole_m2 for m2 in (found.area_m2, found.least_m2, found.most_m2))
    sure = held.is_plain(kind.level)
    outcomes = {rule.holds(value)} if sure else {rule.holds(low), rule.holds(high)}
    asked_zh = "，".join(_asked(rule, "不低于", "不高于"))
    asked_en = ", ".join(_asked(rule, "at least", "at most"))
    note = rule.note or Text("", "")
    told = Text(
        f"{kind.name.zh}占 {value:.2%}，要求{asked_zh}。",
        f"{kind.name.en}: {value:.2%}; asked for {asked_en}. ",
    )
    if not sure:
        told = Text(
            f"{told.zh}计入重叠、缝隙、未知或自相矛盾的分区和季节性核心后在 {low:.2%} 与 {high:.2%} 之间。",
            f"{told.en}With overlaps, gaps, unknown or contradictory zones and seasonal core it "
            f"lies between {low:.2%} and {high:.2%}. ",
        )
    return PlanCheck(
        id=f"share_{rule.zone}",
        title=Text(f"{kind.name.zh}占比", f"Share of the {kind.name.en}"),
        passed=outcomes.pop() if len(outcomes) == 1 else None,
        text=Text(told.zh + note.zh, (told.en + note.en).strip()),
        mark=rule.mark,
        area_m2=found.area_m2,
    )


def _asked(rule: ShareRule, least: str, most: str) -> Iterator[str]:
    if rule.at_least is not None:
        yield f"{least} {rule.at_least:.2%}"
    if rule.at_most is not None:
        yield f"{most} {rule.at_most:.2%}"


def _buffer(held: Held) -> PlanCheck:
    found, width = held.buffered, held.buffer_m or 0.0
    title = Text("核心保护区外有缓冲", "The core has its buffer")
    if found is None or not found.core_m2:
        why = Text("没有核心保护区。", "There is no core.")
        return PlanCheck(id="core_buffer", title=title, passed=None, text=why, mark="user")
    enough = found.least_m >= width - NOISE_WIDTH_M
    maybe = held.maybe
    open_ = enough and maybe is not None and maybe.least_m < width - NOISE_WIDTH_M
    told = Text(
        f"核心区距边界外最近 {found.least_m:,.2f} 米，要求 {width:g} 米；不足处 {found.exposed_m2:,.2f} 平方米。",
        f"The core comes within {found.least_m:,.2f} m of ground beyond the boundary; asked for "
        f"{width:g} m. {found.exposed_m2:,.2f} m² of it are nearer than that.",
    )
    if open_ and maybe is not None:
        told = Text(
            f"{told.zh}缝隙和未知或自相矛盾的分区可能属核心区，其中 {maybe.exposed_m2:,.2f} 平方米不足该距离，"
            "故不能判断。",
            f"{told.en} Gaps and unknown or contradictory zones may be core, and "
            f"{maybe.exposed_m2:,.2f} m² of them are nearer than that: not decided.",
        )
    return PlanCheck(
        id="core_buffer",
        title=title,
        passed=None if open_ else enough,
        text=told,
        mark="user",
        count=len(found.exposed),
        area_m2=found.exposed_m2,
        places=_places(held, found.exposed),
    )
