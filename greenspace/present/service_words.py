"""Service words: what the service of parks is called in tables, files and maps.

Question   What do people call this column of a service map?
Enters     A key.
Leaves     One word or sentence in one language.
Elsewhere  Words that other results use too: words.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from greenspace.model.quantity import NO_HOMES
from greenspace.model.words import Text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from greenspace.model.words import Language

SERVICE_WORDS: Final[Mapping[str, Text]] = {
    "title": Text("公园服务范围", "Service of parks"),
    "indicator": Text("指标", "Indicator"),
    "covered": Text("覆盖率", "Covered"),
    "served": Text("已服务", "Served"),
    "unserved": Text("未服务", "Not served"),
    "service_coverage": Text("居住用地，直线距离", "Residential land, straight line"),
    "network_service_coverage": Text("居住用地，步行距离", "Residential land, on foot"),
    "residents_served": Text("居民，直线距离", "Residents, straight line"),
    "residents_served_on_foot": Text("居民，步行距离", "Residents, on foot"),
    "by_zone": Text("分区", "By zone"),
    "zone": Text("分区", "Zone"),
    "straight": Text("直线", "Straight"),
    "on_foot": Text("步行", "On foot"),
    "homes": Text("居住用地", "Residential"),
    "worst": Text("未服务面积最大的地块", "Blocks with the most land not served"),
    "block": Text("地块", "Block"),
    "row": Text("第 {row} 行", "row {row}"),
    "no_homes": NO_HOMES,
    "no_persons": Text("没有居民。", "There are no residents."),
    "again": Text("{name}（第 {row} 行）", "{name} (row {row})"),
    "share": Text("直线服务", "Straight"),
    "share_on_foot": Text("步行服务", "On foot"),
    "distance": Text("距公园", "To a park"),
    "walk": Text("步行距离", "Walk"),
    "distance_note": Text(
        "距公园：从地块边界到最近的有服务半径的公园，直线。",
        "To a park: from the block's edge to the nearest park with a radius, in a straight line.",
    ),
    "foot_note": Text(
        "距公园：从地块边界到最近的有服务半径的公园，直线；步行距离：从地块内一点沿路到这样的公园。",
        "To a park: from the block's edge to the nearest park with a radius, straight. "
        "Walk: from a point within the block to such a park.",
    ),
    "unreachable": Text("不可达", "no way"),
    "unsnapped": Text("无路", "no path"),
    "all_served": Text("没有未服务的地块。", "Every block is served."),
    "parks": Text("公园的贡献", "What parks contribute"),
    "park": Text("公园", "Park"),
    "area": Text("面积", "Area"),
    "radius": Text("半径", "Radius"),
    "alone": Text("唯其服务", "Alone"),
    "alone_note": Text(
        "“唯其服务”：没有这个公园就会失去服务的居住用地。",
        "Alone: residential land that would be served by none without this park.",
    ),
    "idle": Text(
        "没有唯其服务用地的公园（别的公园也到达，或附近没有居住用地），{count} 个：{names}{more}",
        "Parks that serve nothing alone (others reach it too, or no homes are near), {count}: "
        "{names}{more}",
    ),
    "too_small": Text(
        "小于最小一级、没有服务半径的公园：{count} 个。",
        "Parks below every tier, without a radius: {count}.",
    ),
    "more_zones": Text(
        "另有 {count} 个分区未列出；加 -o 写出全部。", "{count} more zones; -o writes all of them."
    ),
    "more_blocks": Text(
        "另有 {count} 个地块有未服务的部分；加 -o 写出全部。",
        "Further blocks with land not served: {count}; -o writes all of them.",
    ),
    "tiers": Text("分级", "Tiers"),
    "snap": Text(
        "步行：地块离路不超过 {snap:g} m；步行服务的用地不超出直线服务范围。",
        "On foot: homes within {snap:g} m of a path; land served on foot lies within the radius too.",
    ),
    "people_note": Text(
        "居民按地块内已服务用地的比例计算，假定居民在地块内均匀分布。",
        "Residents: each block's persons by the share of its land that is served.",
    ),
    "served_map": Text("公园服务覆盖图", "Residential land served by parks"),
    "walking_map": Text("到最近公园的步行距离", "Walking distance to the nearest park"),
    "served_land": Text("已服务居住用地\n{area}", "residential land served\n{area}"),
    "served_on_foot": Text("步行可达的居住用地\n{area}", "served on foot\n{area}"),
    "only_straight": Text(
        "仅在直线半径内，步行不可达\n{area}", "within the radius, not on foot\n{area}"
    ),
    "unserved_land": Text("未服务居住用地\n{area}", "residential land not served\n{area}"),
    "radius_line": Text("直线服务范围", "within the service radius"),
    "parks_with": Text("有服务半径的公园：{count} 个", "parks with a radius: {count}"),
    "parks_without": Text("小于最小一级的公园：{count} 个", "parks below every tier: {count}"),
    "gates": Text(
        "这些公园有路可达的出入口：{count} 个", "gates of these parks on a path: {count}"
    ),
    "osm_columns": Text("可能来自 OpenStreetMap：", "perhaps from OpenStreetMap: "),
    "up_to": Text("{low:g}–{high:g} m", "{low:g}–{high:g} m"),
    "beyond": Text("{high:g} m 以外", "beyond {high:g} m"),
    "no_way": Text("路网不通到有服务半径的公园", "no way to a park with a radius"),
    "far_from_paths": Text("{snap:g} m 内没有路", "no path within {snap:g} m"),
    "path_beyond": Text("超出服务半径的路", "paths out of reach"),
    "barriers": Text("障碍（只能沿路穿过）", "barriers, crossed by paths only"),
    "classes": Text(
        "到最近的有服务半径的公园；地块从其内一点、路从其中点量起；各公园半径不同，近不等于已服务",
        "To the nearest park with a radius: from a point within a block, the middle of a path. "
        "Radii differ: near is not always served.",
    ),
    "zone_lines": Text("分区界", "zones"),
    "findings": Text("发现", "Findings"),
    "blocks": Text("地块", "Blocks"),
    "coverage": Text("覆盖", "Coverage"),
}


def service_word(key: str, language: Language) -> str:
    """Return a word of a service map.

    Examples
    --------
    >>> service_word("on_foot", "zh"), service_word("on_foot", "en")
    ('步行', 'On foot')
    """
    return SERVICE_WORDS[key].of(language)
