"""Water cover: green coverage with the water that green land encloses, beside that without.

Question   What would coverage be if water enclosed by planting counted?
Enters     The Cover of a city, and what its witnesses say.
Leaves     The witnesses and one more; which of the two is judged is the manifest's to say.
Elsewhere  Which water: prepare/enclosed. Coverage without it: cover.

The texts that could be read leave it open: a survey of Beijing left water out, other wordings put
it in.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np

from greenspace.cover import Witness
from greenspace.measure.areas import covered
from greenspace.measure.coverage import INDICATOR
from greenspace.model.quantity import RatioTable
from greenspace.model.source import Finding
from greenspace.model.words import Text
from greenspace.prepare.enclosed import enclosed_waters

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from greenspace.cover import Cover

WITH_WATER = Text(zh="含绿地围合的水面", en="with water enclosed by green land")
NOT_ASSESSED = Text(
    zh="核查点针对植被，不针对计入的水面，故无误差校正估计和区间。",
    en="The reference points are of vegetation and not of the water that counts here, so there is "
    "no error-adjusted estimate and no interval.",
)
NO_ENCLOSED = Text(
    zh='[vegetation] enclosed_water = "include"，但没有被绿地围合的水面（需要 water 以及 green 或 parks 图层）。',
    en='[vegetation] says enclosed_water = "include", but there is no water that green land encloses '
    "(it takes the layers water, and green or parks).",
)
GREEN_LAYERS = ("green", "parks")

Found = tuple[tuple[Witness, ...], tuple[Finding, ...]]


def beside_enclosed_water(cover: Cover, witnesses: tuple[Witness, ...]) -> Found:
    """Return the witnesses, and the judged one with the enclosed water added to it."""
    judged = next((witness for witness in witnesses if witness.judged), None)
    if judged is None:
        return witnesses, ()
    include = cover.city.vegetation_method.enclosed_water == "include"
    waters = waters_of(cover)
    zones = cover.terrain.places
    inside = covered(waters, zones.geometry.to_numpy())
    area = float(inside[0].area)
    if not area:
        told = (_finding("no_enclosed_water", NO_ENCLOSED, None),) if include else ()
        return witnesses, told
    table = _with_water(cover, judged.table, inside)
    without, with_water = judged.table.ratio(0).value, table.ratio(0).value
    before = tuple(replace(one, judged=one.judged and not include) for one in witnesses)
    told = (_finding("enclosed_water", _said(area, without, with_water, include=include), area),)
    return (*before, Witness(table, WITH_WATER, include)), told


def waters_of(cover: Cover) -> NDArray[np.object_]:
    """Return the enclosed waters of a city, in the measuring CRS."""
    layers, ready = cover.city.layers, cover.terrain.ready
    names = [name for name in GREEN_LAYERS if name in layers]
    if "water" not in layers or not names:
        return np.empty(0, dtype=object)
    water = ready.layer(layers["water"], "water", overlaps=False).geometry.to_numpy()
    green = [ready.layer(layers[name], name, overlaps=False).geometry.to_numpy() for name in names]
    return enclosed_waters(water, np.concatenate(green))


def _with_water(cover: Cover, table: RatioTable, inside: NDArray[np.object_]) -> RatioTable:
    """Return coverage of the places where their water counts as covered, seen or not."""
    zones = cover.terrain.places
    water = cover.green_in(gpd.GeoDataFrame(geometry=inside, crs=zones.crs))
    rows = range(len(table))
    plain, within = [table.ratio(i) for i in rows], [water.ratio(i) for i in rows]
    hidden = np.array([ratio.unseen or 0.0 for ratio in within])
    area = np.array([shape.area for shape in inside])
    added = np.maximum(area - [ratio.numerator for ratio in within], 0.0)
    denominator = np.array([ratio.denominator for ratio in plain]) + hidden
    numerator = np.minimum(np.array([ratio.numerator for ratio in plain]) + added, denominator)
    unseen = None
    if plain[0].unseen is not None:
        unseen = np.maximum(np.array([ratio.unseen or 0.0 for ratio in plain]) - hidden, 0.0)
    sources = (*table.sources, *cover.city.sources("water"))
    return RatioTable(
        INDICATOR,
        zones,
        numerator,
        denominator,
        "1",
        zones.crs,
        sources,
        unseen=unseen,
        intervals=NOT_ASSESSED,
    )


def _said(area: float, without: float, with_water: float, *, include: bool) -> Text:
    choice = ("计入", "counts") if include else ("不计入", "does not count")
    return Text(
        zh=f"绿地围合的水面 {area / 1e4:.2f} 公顷{choice[0]}绿化覆盖率：不含为 {without:.2%}，含为 "
        f"{with_water:.2%}。标准原文未见明确规定。",
        en=f"{area / 1e4:.2f} ha of water enclosed by green land: {without:.2%} without it, "
        f"{with_water:.2%} with it; here it {choice[1]}. No text that could be read decides it.",
    )


def _finding(code: str, text: Text, area: float | None) -> Finding:
    return Finding(code=code, text=text, layer="water", area_m2=area, indicators=(INDICATOR,))
