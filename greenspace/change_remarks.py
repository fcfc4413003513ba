"""Change remarks: what the reader of a change between two images should look at again.

Question   May season, rules, grids, edges or sight have made what looks like change?
Enters     Both images as given and as compared, and the areas of all ground once.
Leaves     Findings; a refusal of images in the wrong order.
Elsewhere  Measuring the change: comparison. Remarks on single images: remarks.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import shapely

from greenspace import remarks
from greenspace.errors import InputError
from greenspace.model.change import AREAS, KINDS
from greenspace.model.city import ImageSpec
from greenspace.model.source import Finding
from greenspace.model.words import Text
from greenspace.prepare.corrections import Corrected
from greenspace.prepare.datum import datum_findings
from greenspace.prepare.vegetation import Vegetation

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import numpy as np
    from numpy.typing import NDArray

    from greenspace.model.grid import GreenRaster
    from greenspace.prepare.two_dates import TwoDates

MONTHS_APART = 1
YEAR = 12
MOSTLY = 0.5
DUST = 1e-8
RULE = "vegetation rule"
DATES = {"before": Text("前期", "Before"), "after": Text("后期", "After")}


def of_date(date: str, findings: Iterable[Finding]) -> Iterator[Finding]:
    """Yield findings that say which of the two dates they are of."""
    name = DATES[date]
    for finding in findings:
        text = Text(zh=f"{name.zh}：{finding.text.zh}", en=f"{name.en}: {finding.text.en}")
        yield replace(finding, text=text)


def rule_findings(dates: TwoDates) -> tuple[Finding, ...]:
    """Return whether green was told by another rule on one date than on the other."""
    rules = [_rule(raster) for raster in (dates.before, dates.after)]
    if not all(rules) or rules[0] == rules[1]:
        return ()
    found = _threshold_found(dates.before)
    if found is not None and found == _threshold_found(dates.after):
        text = Text(
            zh=f"两期各自求得阈值：前期 {rules[0]}；后期 {rules[1]}。",
            en=f"Each image has a threshold of its own: before by {rules[0]}; after by {rules[1]}.",
        )
        return (Finding(code="rules_differ", text=text, layer="image"),)
    text = Text(
        zh=f"两期判别绿地的规则不同：前期 {rules[0]}；后期 {rules[1]}。规则的差异也会表现为变化。",
        en=f"Green was told by unlike rules: before by {rules[0]}; after by {rules[1]}. Where the "
        "ground is the same, they make change, too.",
    )
    return (Finding(code="rules_differ", text=text, severity="warning", layer="image"),)


def _rule(raster: GreenRaster) -> str:
    return ", ".join(source.name for source in raster.sources if source.role == RULE)


def _threshold_found(raster: GreenRaster) -> str | None:
    """Return the index whose threshold was found for the image itself."""
    bare = raster.raster if isinstance(raster, Corrected) else raster
    if not isinstance(bare, Vegetation) or isinstance(bare.threshold, int | float):
        return None
    return bare.index


def date_findings(before: Any, after: Any, dates: TwoDates) -> tuple[Finding, ...]:
    """Return what the dates of images of a city say; refuse those in the wrong order."""
    given = {"before": (before, dates.before.grid), "after": (after, dates.after.grid)}
    days = [image.date for image, _ in given.values() if isinstance(image, ImageSpec)]
    found: list[Finding] = []
    for name, (image, grid) in given.items():
        if isinstance(image, ImageSpec):
            found += of_date(name, remarks.image_findings(image.date, grid))
    if len(days) < len(given) or days[0] is None or days[1] is None:
        return tuple(found)
    if days[0] > days[1]:
        raise InputError(
            f"前期影像（{days[0]}）晚于后期影像（{days[1]}）。",
            f"The image before ({days[0]}) is later than the one after ({days[1]}).",
            remedy=Text(zh="请对调两期影像。", en="Swap the two images."),
            expected=f"before {days[1]}",
            found=str(days[0]),
        )
    apart = abs(days[0].month - days[1].month)
    if min(apart, YEAR - apart) > MONTHS_APART:
        text = Text(
            zh=f"两期影像摄于 {days[0]} 和 {days[1]}，月份相差一个月以上：变化中混有季节差异。",
            en=f"The images are of {days[0]} and {days[1]}, more than a month of the year apart: "
            "the change is mixed with that of the season.",
        )
        found.append(Finding(code="other_season", text=text, severity="warning", layer="image"))
    return tuple(found)


def grid_findings(dates: TwoDates, whole: NDArray[np.float64]) -> tuple[Finding, ...]:
    """Return how unlike grids were compared, and how much that leaves open."""
    if dates.nested:
        return ()
    coarse = dates.coarse.grid
    moved: tuple[Finding, ...] = ()
    if coarse.crs is not None and dates.grid.crs is not None:
        outline = gpd.GeoDataFrame(geometry=[shapely.box(*coarse.bounds)], crs=coarse.crs)
        moved = datum_findings(outline, dates.grid.crs, "image")
    areas = dict(zip(AREAS, whole.tolist(), strict=True))
    seen = sum(areas[kind] for kind in KINDS)
    straddling = float(areas["straddling"])
    share = straddling / seen if seen else 0.0
    which = Text("后期", "later") if dates.after_is_finer else Text("前期", "earlier")
    text = Text(
        zh=f"两期像元不套合：保留{which.zh}影像的像元，另一期取其中心处的类别。跨越类别边界的像元共 "
        f"{straddling:.0f} 平方米（两期都看到的 {share:.1%}），各项面积因此至多差这么多。",
        en=f"The pixels of the two dates do not nest: those of the {which.en} image are kept, with "
        f"the other's class at their centres. {straddling:.0f} m² ({share:.1%} of what both see) "
        "are pixels across an edge of its classes, and no area is off by more than that.",
    )
    finding = Finding(
        code="unlike_grids", text=text, severity="warning", layer="image", area_m2=straddling
    )
    return (*moved, finding)


def edge_findings(whole: NDArray[np.float64]) -> tuple[Finding, ...]:
    """Return how much of the change a shift between the images may have made."""
    areas = dict(zip(AREAS, whole.tolist(), strict=True))
    changed, on_edge = areas["gained"] + areas["lost"], float(areas["edge_change"])
    if not on_edge:
        return ()
    share = on_edge / changed
    text = Text(
        zh=f"变化的 {changed:.0f} 平方米中有 {share:.1%} 距较粗影像的绿与非绿边界不到一个像元："
        "两期影像错位一个像元就会造成这样的变化。",
        en=f"{share:.1%} of the {changed:.0f} m² that changed lies within one pixel of an edge of "
        "green in the coarser image, where a shift of one image by a pixel makes change, too.",
    )
    finding = Finding(
        code="change_on_edges",
        text=text,
        severity="warning" if share > MOSTLY else "note",
        layer="image",
        area_m2=on_edge,
    )
    return (finding,)


def sight_findings(whole: NDArray[np.float64]) -> tuple[Finding, ...]:
    """Return how much was not compared."""
    areas = dict(zip(AREAS, whole.tolist(), strict=True))
    unseen = float(areas["unseen"])
    ground = sum(areas[kind] for kind in KINDS) + unseen
    if unseen <= DUST * ground:
        return ()
    share = unseen / ground
    text = Text(
        zh=f"各区有 {share:.2%} 至少在一期影像上看不到，未作比较。",
        en=f"{share:.2%} of the zones is unseen on one date at least, and is not compared.",
    )
    finding = Finding(code="unseen", text=text, severity="warning", layer="image", area_m2=unseen)
    return (finding,)
