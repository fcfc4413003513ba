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
HECTARE_M2 = 1e4
SEEN = Text(zh="影像可见的部分", en="of the ground that is seen")
OF_MATRIX = Text(
    zh="[accuracy] 中 areas 所指的地面", en="of the ground that areas in [accuracy] mean"
)


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


def accuracy_findings(
    ratio: Ratio, estimate: AreaEstimate, ground: Text = SEEN
) -> tuple[Finding, ...]:
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
        zh=f"核查点 {estimate.points} 个，针对{ground.zh}：绿化覆盖率误差校正估计 "
        f"{span.estimate:.2%}，{100 * span.confidence:.4g}% 置信区间 {ends}；按面积加权的总体精度 "
        f"{right.value:.1%}，绿的用户精度 {users}、生产者精度 {producers}。",
        en=f"{estimate.points} reference points, {ground.en}: error-adjusted green "
        f"coverage {span.estimate:.2%}, {100 * span.confidence:.4g}% interval {ends}; overall "
        f"accuracy weighted by area {right.value:.1%}, of green: user's {users}, producer's "
        f"{producers}.",
    )
    found = [Finding(code="assessed", text=text, layer="reference", indicators=COVER)]
    if not span.low <= ratio.value <= span.high:
        text = Text(
            zh=f"制图所得绿化覆盖率 {ratio.value:.2%} 在误差校正估计的区间 {ends} 之外：图有系统偏差，"
            "或核查点（误差矩阵）不代表这块地。判定仍用制图值；请改进判读（阈值、修正图层）后再报。",
            en=f"Green coverage as mapped, {ratio.value:.2%}, lies outside the interval of the "
            f"error-adjusted estimate, {ends}: the map leans to one side, or the points (or the "
            "error matrix) do not stand for this ground. The mapped value is still the one judged; "
            "mend the map (threshold, corrections) before handing it in.",
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
    here, there = ([_area(area) for area in pair] for pair in (said, measured))
    text = Text(
        zh=f"[accuracy] 的 areas 为绿 {here[0].zh}、非绿 {here[1].zh}，现量得 {there[0].zh}、"
        f"{there[1].zh}：误差矩阵可能属于另一张图；areas 应以平方米计。",
        en=f"areas in [accuracy] are {here[0].en} of green and {here[1].en} of the rest; measured "
        f"are {there[0].en} and {there[1].en}: the error matrix may belong to another map; areas "
        "are square metres.",
    )
    return (replace(_of_reference("matrix_areas_differ", text, ()), count=None),)


def strata_findings(within_m2: tuple[float, float], seen_m2: float) -> tuple[Finding, ...]:
    """Return whether points stand for other ground than the estimate is read for.

    Parameters
    ----------
    within_m2
        Least and greatest area of the ground in question that the points stand for.
    """
    least, most = within_m2
    if least <= seen_m2 * (1 + AREAS_APART) and most >= seen_m2 * (1 - AREAS_APART):
        return ()
    said, seen = _area(least if least > seen_m2 else most), _area(seen_m2)
    bound = ("至少", "at least") if least > seen_m2 else ("至多", "at most")
    text = Text(
        zh=f"按各层面积，量算范围内的核查点{bound[0]}代表 {said.zh}，而影像可见的量算范围是 {seen.zh}："
        "各层没有盖住量算范围，或抽到的点没有全部保留；估计只针对这些点代表的地面，可能不适用于量算范围。"
        "请保留抽到的全部点（含范围外的），并核对 stratum_area_m2。",
        en=f"By the areas of their strata, the points on the ground in question stand for {bound[1]} "
        f"{said.en}, and what is seen of that ground is {seen.en}: either the strata do not cover "
        "it, or not all points drawn were kept. The estimate is of what the points stand for, and "
        "may not hold for the ground in question. Keep all points that were drawn, those outside, "
        "too, and check stratum_area_m2.",
    )
    return (replace(_of_reference("strata_areas_differ", text, ()), count=None),)


def _area(area_m2: float) -> Text:
    """Say an area in hectares, or in square metres where it is small.

    Examples
    --------
    >>> _area(25_000.0).en, _area(0.4).en
    ('2.50 ha', '0.4 m2')
    """
    if area_m2 >= HECTARE_M2:
        return Text(zh=f"{area_m2 / HECTARE_M2:,.2f} 公顷", en=f"{area_m2 / HECTARE_M2:,.2f} ha")
    return Text(zh=f"{area_m2:,.4g} 平方米", en=f"{area_m2:,.4g} m2")


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
