"""Draft: the first city.toml of an office, written from what lies in its folder.

Question   How do the candidates of a folder read as a manifest that people can correct?
Enters     Candidates and the name of the folder.
Leaves     The text of a city.toml, every guess marked.
Elsewhere  Looking into the folder: read/scan. The file: folder. Reading it again: read/city.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from greenspace.model.layers import LAYERS
from greenspace.model.words import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from greenspace.model.candidate import Candidate

CONFIRM = "# 待确认 / confirm"
YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d")
UNSAFE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
LISTED_COLUMNS = 30
WANTED: Mapping[str, Text] = {
    "built_up": Text(
        zh="绿化覆盖率、绿地率的分母", en="the denominator of coverage and green space"
    ),
    "districts": Text(zh="各区的数值", en="figures of the districts"),
    "green": Text(zh="绿地率", en="the green-space ratio"),
    "parks": Text(zh="人均公园绿地、服务半径", en="park area per head, service radius"),
    "residential": Text(zh="服务半径覆盖率的分母", en="the denominator of service coverage"),
}
HEAD = """\
# 城市清单草稿，由 greenspace init 写成；带“待确认”的行是猜测，请逐行核对。
# A draft of the city's manifest; lines marked "confirm" are guesses: check each.
# 路径相对于本文件；请保存为 UTF-8；路径用 / 或单引号。
# Paths are relative to this file; save it as UTF-8; write paths with / or in single quotes.
# 核对后运行 / then run: greenspace check city.toml
"""
FACTS = """\
# date = 2026-06-30                  # 数据日期 / date of the data
standard = "CN-2022"                 # 标准 / the yardstick; greenspace standards 列出全部 / lists all
# population_basis = "城区人口"      # 人口口径 / which population it is
# region = "south"                   # 秦岭淮河以南 south，以北 north / of Qinling-Huaihe
# construction_land_per_head_m2 = 96 # 人均建设用地 / construction land per head
"""
MEASURE = """\
# [measure]
# crs = "EPSG:4547"                  # 量算坐标系，可不写 / measuring CRS, optional
"""
VEGETATION = """\
[vegetation]
index = "ndvi"
threshold = "otsu"                   # 或一个数，如 0.3 / or a number such as 0.3
"""


def draft_manifest(candidates: Iterable[Candidate], name: str) -> str:
    """Return the text of a manifest drafted from candidates.

    Parameters
    ----------
    candidates
        What `read.scan` found; of two for one layer the first is taken, the others are listed.
    name
        Of the city.

    Examples
    --------
    >>> import tomllib
    >>> tomllib.loads(draft_manifest([], "清河"))["city"]["name"]
    '清河'
    """
    candidates = tuple(candidates)
    chosen: dict[str, Candidate] = {}
    images, masks, others = [], [], []
    for item in candidates:
        if item.guess == "image":
            images.append(item)
        elif item.guess == "mask":
            masks.append(item)
        elif item.guess in LAYERS and item.guess not in chosen and _usable(item):
            chosen[item.guess] = item
        else:
            others.append(item)
    images.sort(key=lambda item: _year(item.path) or "", reverse=True)
    blocks = [HEAD, _city(name, chosen.get("districts")), MEASURE]
    blocks += [_layer(layer, chosen[layer]) for layer in LAYERS if layer in chosen]
    blocks += [_missing(layer) for layer in WANTED if layer not in chosen]
    blocks += [_image(item, masks) for item in images] or [_NO_IMAGE]
    blocks.append(VEGETATION)
    if others:
        blocks.append(_others(others))
    return "\n".join(blocks)


def toml_string(text: str) -> str:
    r"""Return a TOML string that reads back as the same text.

    Examples
    --------
    >>> print(toml_string("绿地.shp"), toml_string("D:\\data"), toml_string("a'b\"c"))
    "绿地.shp" 'D:\data' "a'b\"c"
    """
    if not UNSAFE.search(text):
        if '"' not in text and "\\" not in text:
            return f'"{text}"'
        if "'" not in text:
            return f"'{text}'"
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + UNSAFE.sub(lambda match: _escape(match[0]), escaped) + '"'


def _escape(char: str) -> str:
    lone = "\ud800" <= char <= "\udfff"
    return "?" if lone else f"\\u{ord(char):04X}"


def comment(text: str) -> str:
    """Return text that stays within one comment."""
    return UNSAFE.sub(" ", text)


def _usable(item: Candidate) -> bool:
    contract = LAYERS[item.guess or ""]
    return item.count > 0 and all(role in item.roles for role in contract.required)


def _city(name: str, districts: Candidate | None) -> str:
    population = "# population = 214000                # 建成区内人口，人均指标需要 / persons, for figures per head\n"
    if districts is not None and "population" in districts.roles:
        column = toml_string(districts.roles["population"])
        population = (
            f"population = {{ column = {column} }}  {CONFIRM}：各区人口之和 / the districts' sum\n"
        )
    return f"[city]\nname = {toml_string(name)}  {CONFIRM}\n{population}{FACTS}"


def _layer(layer: str, item: Candidate) -> str:
    contract = LAYERS[layer]
    lines = [
        f"[layers.{layer}]  # {contract.title.zh} / {contract.title.en}",
        f"path = {toml_string(item.path)}  {CONFIRM}：{_facts(item)}",
    ]
    if item.layer is not None:
        lines.append(f"layer = {toml_string(item.layer)}")
    if item.crs is None:
        lines.append('# crs = "EPSG:4547"  # 文件没有坐标系，请填写 / the file has no CRS: fill in')
    if item.columns:
        lines.append(f"# 现有字段 / columns: {_listed(item.columns)}")
    roles = (*contract.required, *contract.optional)
    if item.roles:
        lines.append(f"columns = {_inline(item.roles)}  {CONFIRM}")
    unused = [role for role in roles if role not in item.roles]
    if unused:
        lines.append(f"# 还可指定 / can be mapped too: {', '.join(unused)}")
    if "class" in item.roles and "edition" in contract.settings:
        edition = toml_string(item.edition or "2017")
        lines.append(f"edition = {edition}  {CONFIRM}：CJJ/T 85 的版本 / edition of CJJ/T 85")
    return "\n".join(lines) + "\n"


def _facts(item: Candidate) -> str:
    return comment(f"{item.count} 行 rows, {item.crs or '没有坐标系 no CRS'}")


def _listed(columns: Sequence[str]) -> str:
    more = ", …" if len(columns) > LISTED_COLUMNS else ""
    return comment(", ".join(columns[:LISTED_COLUMNS]) + more)


def _inline(pairs: Mapping[str, str]) -> str:
    inner = ", ".join(f"{role} = {toml_string(column)}" for role, column in pairs.items())
    return f"{{ {inner} }}"


def _missing(layer: str) -> str:
    title, use = LAYERS[layer].title, WANTED[layer]
    return (
        f"# [layers.{layer}]  # 没有找到{title.zh}，用于{use.zh} / {title.en} not found, for {use.en}\n"
        '# path = "…"\n'
    )


_NO_IMAGE = """\
# [[image]]  # 没有找到带近红外的影像，绿化覆盖率需要 / no image with near infrared, for coverage
# path = "…"
# date = 2026-06-12
# bands = { red = 3, nir = 4 }
"""


def _image(item: Candidate, masks: Sequence[Candidate]) -> str:
    facts = comment(f"{item.count} 个波段 bands, {item.crs or '没有坐标系 no CRS'}")
    lines = ["[[image]]", f"path = {toml_string(item.path)}  {CONFIRM}：{facts}"]
    if item.date is None:
        lines.append("# date = 2026-06-12  # 拍摄日期 / date taken")
    else:
        lines.append(f"date = {item.date.isoformat()}  {CONFIRM}")
    bands = ", ".join(f"{band} = {number}" for band, number in item.bands.items())
    lines.append(f"bands = {{ {bands} }}  {CONFIRM}：从 1 起 / counted from 1")
    lines += [
        f"# mask = {toml_string(mask.path)}  # 非 0 像元不可见时用 / where its non-zero pixels hide"
        for mask in masks
        if _year(mask.path) in (None, _year(item.path))
    ]
    return "\n".join(lines) + "\n"


def _year(path: str) -> str | None:
    found = YEAR.search(path)
    return None if found is None else found[0]


def _others(items: Sequence[Candidate]) -> str:
    lines = ["# 没有用上的文件 / files that were not used:"]
    for item in items:
        place = item.path if item.layer is None else f"{item.path} : {item.layer}"
        seems = f", {item.guess}?" if item.guess else ""
        remark = f", {item.remark.zh} / {item.remark.en}" if item.remark else ""
        lines.append(comment(f"#   {place} ({item.kind}, {item.count}{seems}{remark})"))
    return "\n".join(lines) + "\n"
