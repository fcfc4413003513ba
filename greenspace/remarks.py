"""Remarks: what the numbers of a city should make its reader look at again.

Question   Which numbers are suspicious, incomplete, or differ from what the city says?
Enters     A City and its measured ratios.
Leaves     Findings.
Elsewhere  Measuring: survey. Findings of single layers: prepare/.
"""

from __future__ import annotations

from dataclasses import replace
from math import isfinite
from typing import TYPE_CHECKING

from shapely import STRtree

from greenspace.measure.park_rows import NEAR_M
from greenspace.measure.service import cut_parks
from greenspace.model.city import SamplesSpec
from greenspace.model.crs import is_local
from greenspace.model.layers import LAYERS
from greenspace.model.season import SEASON, in_season
from greenspace.model.source import Finding
from greenspace.model.words import Text
from greenspace.read.definitions import read_indicators
from greenspace.read.vector import read_layer

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from datetime import date
    from typing import Any

    import geopandas as gpd
    import pandas as pd

    from greenspace.model.city import City
    from greenspace.model.definition import Tiers
    from greenspace.model.grid import Grid
    from greenspace.model.quantity import Ratio
    from greenspace.model.tiers import Historic

MEASURED_LAYERS = {
    "built_up",
    "districts",
    "construction_land",
    "green",
    "parks",
    "residential",
    "paths",
    "vegetation",
    "water",
    "corrections",
}
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
USED_TWICE = Finding(
    code="points_used_twice",
    text=Text(
        zh="阈值与精度用的是同一批点：精度会偏高，区间会偏窄。请另取核查点，"
        "或改用 Otsu 法或给定阈值。",
        en="The threshold is calibrated on the points that judge its accuracy: accuracy comes out "
        "too high and the interval too narrow. Draw other reference points, or use Otsu's "
        "method or a number.",
    ),
    severity="warning",
    layer="samples",
    indicators=("green_coverage",),
)
SAME_PLACE_M = 0.01
METRES_A_DEGREE = 111_320.0


def unused_findings(city: City, gauged: Collection[str] = ()) -> tuple[Finding, ...]:
    """Return what the manifest brings and no measure of this version uses."""
    used = MEASURED_LAYERS | set(gauged) | ({"entrances"} if "paths" in city.layers else set())
    spare = [name for name in city.layers if name not in used]
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
    spec, record = city.vegetation_method.threshold, city.accuracy
    if city.image is None or record is None or record.points is None:
        return ()
    if not isinstance(spec, SamplesSpec):
        return ()
    return reused_points(read_layer(spec.samples, layer=spec.layer), record.points)


def reused_points(samples: gpd.GeoDataFrame, reference: gpd.GeoDataFrame) -> tuple[Finding, ...]:
    """Return a warning where points of the threshold stand at points that judge the map, too.

    Whatever the files: a copy, or another CRS, makes no other points.
    """
    if any(crs is None or is_local(crs) for crs in (samples.crs, reference.crs)):
        return ()
    near = SAME_PLACE_M / (METRES_A_DEGREE if samples.crs.is_geographic else 1.0)
    judges = reference.to_crs(samples.crs).geometry.to_numpy()
    tree = STRtree(samples.geometry.to_numpy())
    again = len(set(tree.query(judges, predicate="dwithin", distance=near)[0].tolist()))
    return (replace(USED_TWICE, count=again),) if again else ()


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


def cut_park_findings(
    parks: gpd.GeoSeries,
    tiers: Tiers,
    layer: str = "parks",
    *,
    historic: Historic | None = None,
) -> tuple[Finding, ...]:
    """Return which park parcels would reach further if joined to those they touch."""
    return cut_findings(parks.index[cut_parks(parks, tiers, historic)], layer)


def cut_findings(rows: pd.Index[Any], layer: str = "parks") -> tuple[Finding, ...]:
    """Return that rows would reach further if joined to those they touch."""
    if rows.empty:
        return ()
    text = Text(
        zh=f"有 {len(rows)} 块公园与相邻公园相接（相距不超过 {NEAR_M:g} 米），合并后服务半径更大；"
        "现按图层逐块计算，若属同一公园请先合并。",
        en="Park parcels that would reach further if joined to the ones they touch (within "
        f"{NEAR_M:g} m): {len(rows)}. Each row was taken as a park of its own: join those that are "
        "one park.",
    )
    finding = Finding(
        code="parks_cut",
        text=text,
        severity="warning",
        layer=layer,
        rows=tuple(rows),
        count=len(rows),
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


def supplied_findings(
    city: City, measured: Collection[str], never_supplied: Collection[str]
) -> tuple[Finding, ...]:
    """Return the supplied numbers that are not taken.

    Parameters
    ----------
    measured
        Indicators that the layers gave.
    never_supplied
        Those that only layers and images may give, whether they did or not.
    """
    given = tuple(name for name in city.supplied if name in measured)
    refused = tuple(
        name for name in city.supplied if name in never_supplied and name not in measured
    )
    names = {name: read_indicators()[name].name for name in (*given, *refused)}
    found = []
    if given:
        text = Text(
            zh=f"[supplied] 中的{'、'.join(names[n].zh for n in given)}由图层量算，填报值未采用。",
            en=f"Not taken from [supplied], because layers give it: "
            f"{', '.join(names[n].en for n in given)}.",
        )
        found.append(_not_taken("supplied_ignored", text, given))
    if refused:
        text = Text(
            zh=f"{'、'.join(names[n].zh for n in refused)}只能由图层或影像量算，[supplied] 的填报值未采用；"
            "缺少图层，故没有量算值。",
            en=f"Only layers and images may give this, so it is not taken from [supplied], and without "
            f"them there is no number: {', '.join(names[n].en for n in refused)}.",
        )
        found.append(_not_taken("supplied_refused", text, refused))
    return tuple(found)


def _not_taken(code: str, text: Text, indicators: tuple[str, ...]) -> Finding:
    return Finding(code=code, text=text, severity="warning", indicators=indicators)


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


def weighed(findings: Iterable[Finding], asked: Collection[str] | None) -> tuple[Finding, ...]:
    """Return findings, with warnings that touch only indicators nobody asks for as notes.

    Examples
    --------
    >>> item = Finding(code="x", text=Text("甲", "a"), severity="warning", indicators=("roads",))
    >>> [found.severity for found in (*weighed([item], {"parks"}), *weighed([item], {"roads"}))]
    ['note', 'warning']
    """
    return tuple(
        replace(item, severity="note")
        if asked is not None
        and item.severity == "warning"
        and item.indicators
        and not set(item.indicators) & set(asked)
        else item
        for item in findings
    )
