"""Reference remarks: what reference points should make the reader of a number look at again.

Question   Which points do not count, and do they say that the map leans to one side?
Enters     Rows, areas and estimates that an assessment found.
Leaves     Findings.
Elsewhere  Assessing: assessment. Remarks on everything else: remarks.
"""

from __future__ import annotations

from dataclasses import replace
from math import isnan
from typing import TYPE_CHECKING

from greenspace.model.source import Finding
from greenspace.model.words import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from greenspace.model.estimate import AreaEstimate
    from greenspace.model.quantity import Ratio

COVER = ("green_coverage",)
AREAS_APART = 0.01


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
