"""Remarks: what the numbers of a city should make its reader look at again.

Question   Which numbers are suspicious, incomplete, or differ from what the city says?
Enters     A City and its measured ratios.
Leaves     Findings.
Elsewhere  Measuring: survey. Findings of single layers: prepare/.
"""

from __future__ import annotations

from dataclasses import replace
from math import isfinite, isnan
from typing import TYPE_CHECKING

from greenspace.model.layers import LAYERS
from greenspace.model.season import SEASON, in_season
from greenspace.model.source import Finding
from greenspace.model.words import Text
from greenspace.read.definitions import read_indicators

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from greenspace.model.city import City
    from greenspace.model.estimate import AreaEstimate
    from greenspace.model.grid import Grid
    from greenspace.model.quantity import Ratio

MEASURED_LAYERS = {
    "built_up",
    "districts",
    "construction_land",
    "green",
    "parks",
    "residential",
    "vegetation",
    "water",
    "corrections",
}
COVER = ("green_coverage",)
AREAS_APART = 0.01
COARSEST_M = 4.0
SLACK = 0.01
WHY_4_M = Text(
    zh="4 m 是高分二号多光谱影像的像元（provisional：检查办法对分辨率的要求未能读到）",
    en="4 m is the multispectral pixel of GF-2 (provisional: what the check asks of the "
    "resolution was not read)",
)
UNDATED = Text(
    zh="影像没有日期，不知是否摄于生长季。",
    en="The image has no date: whether it shows the growing season is not known.",
)
UNCORRECTED = Finding(
    code="not_used",
    text=Text(
        zh="修正图层只叠加在影像上，而这里不由影像评定：所评定的覆盖率未经修正，请直接修改植被图层。",
        en="Corrections are laid over an image, and no image is judged here: the judged coverage is "
        "not corrected. Edit the vegetation layer itself.",
    ),
    severity="warning",
    layer="corrections",
    indicators=("green_coverage",),
)


def unused_findings(city: City) -> tuple[Finding, ...]:
    """Return what the manifest brings and no measure of this version uses."""
    spare = [name for name in city.layers if name not in MEASURED_LAYERS]
    by_layer = city.image is None or city.vegetation_method.source == "layer"
    found = [UNCORRECTED] if "corrections" in city.layers and by_layer else []
    if spare:
        text = Text(
            zh=f"已读入但本版本没有指标使用的图层：{'、'.join(LAYERS[n].title.zh for n in spare)}。",
            en=f"Read, but used by no measure of this version: {', '.join(spare)}.",
        )
        found.append(Finding(code="not_used", text=text))
    return tuple(found)


def reused_findings(city: City) -> tuple[Finding, ...]:
    """Return a warning where the points of the threshold judge the map that it made, too."""
    samples = {(source.sha256, source.layer) for source in city.sources("samples")}
    judges = {(source.sha256, source.layer) for source in city.sources("reference")}
    if not samples & judges:
        return ()
    text = Text(
        zh="阈值与精度用的是同一批点：精度会偏高，区间会偏窄。请另取核查点，"
        "或改用 Otsu 法或给定阈值。",
        en="The threshold is calibrated on the points that judge its accuracy: accuracy comes out "
        "too high and the interval too narrow. Draw other reference points, or use Otsu's "
        "method or a number.",
    )
    finding = Finding(
        code="points_used_twice",
        text=text,
        severity="warning",
        layer="samples",
        indicators=("green_coverage",),
    )
    return (finding,)


def unseen_findings(ratio: Ratio) -> tuple[Finding, ...]:
    """Return how much of the built-up area the image does not show."""
    if not ratio.unseen:
        return ()
    share = ratio.unseen / (ratio.denominator + ratio.unseen)
    text = Text(
        zh=f"建成区有 {share:.2%} 在影像上看不到（无数据、云、影像之外），既不算绿也不算非绿。",
        en=f"{share:.2%} of the built-up area is unseen (no data, cloud, outside the image): "
        "neither green nor not green.",
    )
    finding = Finding(
        code="unseen",
        text=text,
        severity="warning",
        layer="image",
        area_m2=ratio.unseen,
        indicators=(ratio.indicator,),
    )
    return (finding,)


def overlay_findings(ratios: Sequence[Ratio], labels: Sequence[Text]) -> tuple[Finding, ...]:
    """Return what the image alone says beside what it says with polygons laid over it."""
    if len(ratios) == 1:
        return ()
    pairs = [(label, f"{ratio.value:.2%}") for label, ratio in zip(labels, ratios, strict=True)]
    text = Text(
        zh="建成区绿化覆盖率：" + "，".join(f"{label.zh} {value}" for label, value in pairs) + "。",
        en="Green coverage of the built-up area: "
        + ", ".join(f"{label.en} {value}" for label, value in pairs)
        + ".",
    )
    return (Finding(code="laid_over", text=text, layer="image", indicators=("green_coverage",)),)


def image_findings(taken: date | None, grid: Grid) -> tuple[Finding, ...]:
    """Return what makes an image a poor witness: its date, its season, its pixels."""
    latitude, side = grid.on_earth()
    found = []
    if taken is None:
        found.append(("undated_image", UNDATED))
    elif latitude is not None and in_season(taken, latitude) is False:
        text = Text(
            zh=f"影像摄于 {taken}，不在当地（纬度 {latitude:.1f}°）的生长季，绿化覆盖可能偏低。"
            f"{SEASON.zh}。",
            en=f"The image is of {taken}, out of the growing season of the place (latitude "
            f"{latitude:.1f}°): green coverage may come out too low. The {SEASON.en}.",
        )
        found.append(("out_of_season", text))
    if side is not None and side > COARSEST_M * (1 + SLACK):
        text = Text(
            zh=f"影像像元为 {side:.3g} m，粗于 {COARSEST_M:g} m：行道树和小块绿地会漏计或多计。"
            f"{WHY_4_M.zh}。",
            en=f"The pixels of the image are {side:.3g} m wide, coarser than {COARSEST_M:g} m: "
            f"street trees and small greens are missed or overstated. {WHY_4_M.en}.",
        )
        found.append(("coarse_pixels", text))
    return tuple(
        Finding(
            code=code,
            text=text,
            severity="warning",
            layer="image",
            indicators=("green_coverage",),
        )
        for code, text in found
    )


def cut_park_findings(count: int) -> tuple[Finding, ...]:
    """Return how many park parcels would reach further if joined to those they touch."""
    if not count:
        return ()
    text = Text(
        zh=f"有 {count} 块公园与相邻公园共边，合并后服务半径更大；现按图层逐块计算，"
        "若属同一公园请先合并。",
        en=f"Park parcels that would reach further if joined to the ones they share an edge with: "
        f"{count}. Each row was taken as a park of its own: join those that are one park.",
    )
    finding = Finding(
        code="parks_cut",
        text=text,
        severity="warning",
        layer="parks",
        count=count,
        indicators=("service_coverage",),
    )
    return (finding,)


def undefined_findings(indicator: str, places: Iterable[str]) -> tuple[Finding, ...]:
    """Return the districts that have no value and take no part in the lowest."""
    names = tuple(places)
    if not names:
        return ()
    title = read_indicators()[indicator].name
    listed = ", ".join(names)
    text = Text(
        zh=f"{title.zh}：{listed} 在建成区内没有土地或没有人口，无数值，不参与最低值。",
        en=f"{title.en}: {listed} has no ground in the built-up area or no residents: no value, "
        "and no part in the lowest.",
    )
    finding = Finding(
        code="district_undefined",
        text=text,
        severity="warning",
        layer="districts",
        rows=names,
        indicators=(indicator,),
    )
    return (finding,)


def supplied_findings(city: City, measurable: Iterable[str]) -> tuple[Finding, ...]:
    """Return the supplied numbers that are not taken, because layers give them."""
    ignored = tuple(name for name in city.supplied if name in set(measurable))
    if not ignored:
        return ()
    cards = read_indicators()
    text = Text(
        zh=f"[supplied] 中的{'、'.join(cards[n].name.zh for n in ignored)}由图层量算，填报值未采用。",
        en=f"Not taken from [supplied], because layers give it: "
        f"{', '.join(cards[n].name.en for n in ignored)}.",
    )
    finding = Finding(code="supplied_ignored", text=text, severity="warning", indicators=ignored)
    return (finding,)


def pair_findings(ratios: Mapping[str, Ratio]) -> tuple[Finding, ...]:
    """Return pairs of numbers that usually stand the other way round."""
    cover, land = ratios.get("green_coverage"), ratios.get("green_space_ratio")
    if cover is None or land is None or not cover.value < land.value:
        return ()
    text = Text(
        zh="绿化覆盖率低于绿地率：通常相反，请核对影像与绿地图层。",
        en="Green coverage is below the green-space ratio: usually it is the other way.",
    )
    return (Finding(code="coverage_below_ratio", text=text, severity="warning"),)


def declared_findings(city: City, ratios: Mapping[str, Ratio]) -> tuple[Finding, ...]:
    """Return what the city says of itself beside what was measured."""
    return tuple(
        _declared(ratios[name], value)
        for name, value in city.declared.items()
        if name in ratios and isfinite(ratios[name].value)
    )


def _declared(ratio: Ratio, declared: float) -> Finding:
    gap = declared - ratio.value
    shown = (f"{declared:.2%}", f"{ratio.value:.2%}", f"{100 * gap:+.2f}")
    if ratio.unit != "1":
        shown = (f"{declared:.2f}", f"{ratio.value:.2f}", f"{gap:+.2f}")
    name = read_indicators()[ratio.indicator].name
    text = Text(
        zh=f"{name.zh}：自报 {shown[0]}，实测 {shown[1]}，相差 {shown[2]}。",
        en=f"{name.en}: declared {shown[0]}, measured {shown[1]}, apart {shown[2]}.",
    )
    return Finding(code="declared", text=text, indicators=(ratio.indicator,))


def left_out_findings(
    rows: Iterable[object], outside: Sequence[bool], unseen: Sequence[bool]
) -> tuple[Finding, ...]:
    """Return the reference points that lie beyond the ground in question, or where it is unseen."""
    labels = tuple(rows)
    beyond = tuple(row for row, out in zip(labels, outside, strict=True) if out)
    hidden = tuple(row for row, gone in zip(labels, unseen, strict=True) if gone)
    found = []
    if beyond:
        text = Text(
            zh=f"有 {len(beyond)} 个核查点在量算范围之外，未计入。",
            en=f"Reference points outside the ground in question, which do not count: "
            f"{len(beyond)}.",
        )
        found.append(_of_reference("reference_outside", text, beyond))
    if hidden:
        text = Text(
            zh=f"有 {len(hidden)} 个核查点位于影像看不到之处，未计入：估计只针对影像可见的部分。",
            en=f"Reference points where the image shows nothing, which do not count: "
            f"{len(hidden)}. The estimate is of the ground that is seen.",
        )
        found.append(_of_reference("reference_unseen", text, hidden))
    return tuple(found)


def contradiction_findings(rows: Iterable[object]) -> tuple[Finding, ...]:
    """Return the points whose own column ``map`` is not what the judged map says there."""
    labels = tuple(rows)
    if not labels:
        return ()
    text = Text(
        zh=f"有 {len(labels)} 个核查点的 map 字段与现在判定的图不符，以现在的图为准；"
        "点若按旧图分层抽取，请写 stratum 和 stratum_area_m2。",
        en=f"Reference points whose column map is not what the judged map says there: "
        f"{len(labels)}; the judged map counts. Where points were drawn by the classes of an older "
        "map, name them in stratum and stratum_area_m2.",
    )
    return (_of_reference("map_class_differs", text, labels),)


def accuracy_findings(ratio: Ratio, estimate: AreaEstimate) -> tuple[Finding, ...]:
    """Return what the points say of the map, and whether the mapped value is out of line."""
    span = ratio.interval
    if span is None or span.confidence is None:
        return ()
    right = estimate.overall_accuracy
    users, producers = (
        " – " if isnan(of["green"].value) else f"{of['green'].value:.1%}"
        for of in (estimate.users_accuracy, estimate.producers_accuracy)
    )
    ends = f"{span.low:.2%}–{span.high:.2%}"
    text = Text(
        zh=f"核查点 {estimate.points} 个，针对影像可见的部分：绿化覆盖率误差校正估计 "
        f"{span.estimate:.2%}，{100 * span.confidence:.4g}% 置信区间 {ends}；按面积加权的总体精度 "
        f"{right.value:.1%}，绿的用户精度 {users}、生产者精度 {producers}。",
        en=f"{estimate.points} reference points, of the ground that is seen: error-adjusted green "
        f"coverage {span.estimate:.2%}, {100 * span.confidence:.4g}% interval {ends}; overall "
        f"accuracy weighted by area {right.value:.1%}, of green: user's {users}, producer's "
        f"{producers}.",
    )
    found = [Finding(code="assessed", text=text, layer="reference", indicators=COVER)]
    if not span.low <= ratio.value <= span.high:
        text = Text(
            zh=f"制图所得绿化覆盖率 {ratio.value:.2%} 在误差校正估计的区间 {ends} 之外：图有系统偏差。"
            "判定仍用制图值；请改进判读（阈值、修正图层）后再报。",
            en=f"Green coverage as mapped, {ratio.value:.2%}, lies outside the interval of the "
            f"error-adjusted estimate, {ends}: the map leans to one side. The mapped value is "
            "still the one judged; mend the map (threshold, corrections) before handing it in.",
        )
        found.append(replace(_of_reference("mapped_outside_interval", text, ()), count=None))
    return tuple(found)


def matrix_findings(
    said: tuple[float, float], measured: tuple[float, float]
) -> tuple[Finding, ...]:
    """Return whether an error matrix seems to belong to another map, by its areas."""
    apart = max(abs(a - b) for a, b in zip(said, measured, strict=True))
    if apart <= AREAS_APART * sum(measured):
        return ()
    here, there = ([f"{area / 1e4:,.2f}" for area in pair] for pair in (said, measured))
    text = Text(
        zh=f"[accuracy] 的 areas 为绿 {here[0]}、非绿 {here[1]} 公顷，现量得 {there[0]}、{there[1]} 公顷："
        "误差矩阵可能属于另一张图。",
        en=f"areas in [accuracy] are {here[0]} ha of green and {here[1]} ha of the rest; measured "
        f"are {there[0]} and {there[1]} ha: the error matrix may belong to another map.",
    )
    return (replace(_of_reference("matrix_areas_differ", text, ()), count=None),)


def strata_findings(strata_m2: float, seen_m2: float) -> tuple[Finding, ...]:
    """Return whether points were drawn on other ground than the estimate is read for."""
    if abs(strata_m2 - seen_m2) <= AREAS_APART * seen_m2:
        return ()
    text = Text(
        zh=f"核查点各层共 {strata_m2 / 1e4:,.2f} 公顷，量算范围在影像上可见的是 {seen_m2 / 1e4:,.2f} 公顷："
        "估计针对的是各层所在的范围。",
        en=f"The strata of the points cover {strata_m2 / 1e4:,.2f} ha, the ground in question that "
        f"is seen {seen_m2 / 1e4:,.2f} ha: the estimate is of the ground of the strata.",
    )
    return (replace(_of_reference("strata_areas_differ", text, ()), count=None),)


def _of_reference(code: str, text: Text, rows: tuple[object, ...]) -> Finding:
    return Finding(
        code=code,
        text=text,
        severity="warning",
        layer="reference",
        rows=rows,
        count=len(rows),
        indicators=COVER,
    )
