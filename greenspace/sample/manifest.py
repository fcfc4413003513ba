"""Manifest: the texts that stand beside the sample's layers and images.

Question   What do city.toml, truth.toml and README.txt of the sample say?
Enters     A sample city.
Leaves     Texts in Chinese and English.
Elsewhere  Writing them: write. Reading a manifest: read/city.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from greenspace.sample.earlier import STAGES
from greenspace.sample.manifest_layers import ENTRIES, layer_table

if TYPE_CHECKING:
    from collections.abc import Mapping

    from greenspace.sample.city import SampleCity

CITY = """\
# 清河：虚构的样本城市，由 greenspace sample --seed {seed} 生成。不是真实城市。
# Qinghe: a made-up city, drawn by greenspace sample --seed {seed}. No real place.
# 路径相对于本文件；面积单位平方米。 Paths are relative to this file; areas are in m2.

[city]
name = "{name}"
date = 2026-06-30
standard = "CN-2022"
population = {population}                  # 建成区内城区人口，等于三区之和 / persons, the sum of the districts
population_basis = "城区人口（虚构）"
region = "south"                   # 秦岭—淮河以南 / south of Qinling-Huaihe
construction_land_per_head_m2 = {per_head}

[measure]
crs = "EPSG:4547"                  # CGCS2000 / 3-degree Gauss-Kruger CM 114E

{layers}

[[image]]                          # 最新影像，用于评判 / the newest one is judged
path = "image_2026.tif"
date = {newer}
bands = {{ red = 3, nir = 4, green = 2, blue = 1 }}
mask = "mask_2026.tif"             # 非 0 像元为云或云影，不可见 / not 0: cloud or its shadow, not seen

[[image]]
path = "image_2023.tif"
date = {older}
bands = {{ red = 3, nir = 4, green = 2, blue = 1 }}

[vegetation]
index = "ndvi"
threshold = "otsu"

[accuracy]                         # 核查点：影像可见范围内简单随机抽取 / reference points, drawn by chance
reference = "reference.gpkg"

[heat]                             # 气象站日最高气温，虚构 / daily maxima at stations, made up
stations = "stations.csv"

[species]                          # 物种名录，虚构 / lists of species, made up
lists = "species.csv"

[declared]                         # 城市自报数，用于比对 / what the city says of itself
green_coverage = "{declared_coverage}"
green_space_ratio = "{declared_ratio}"
park_area_per_capita = {declared_parks}

{supplied}

{targets}

[report]
prepared_by = "清河市园林绿化中心（虚构）"
checked_by = "校核员（虚构）"
drawing_number = "QH-2026"
"""

SUPPLIED = """\
[supplied]                         # 图层给不出的项，由主管部门提供（虚构） / made up
{rows}"""

TARGETS = """\
[targets.{year}]                     # 年度目标 / yearly target
green_coverage = "{coverage:.1%}"
green_space_ratio = "{ratio:.1%}"
park_area_per_capita = {parks:.1f}"""

EARLIER = """\
# 清河：虚构的样本城市在 {year} 年的样子，供 greenspace compare 使用。不是真实城市。
# Qinghe as it was in {year}, for greenspace compare: a made-up city. No real place.

[city]
name = "{name}"
date = {day}
standard = "CN-2022"
population = {population}
population_basis = "城区人口（虚构）"
region = "south"
construction_land_per_head_m2 = {per_head}

[measure]
crs = "EPSG:4547"

{layers}

{cover}

{targets}

[report]
prepared_by = "清河市园林绿化中心（虚构）"
"""
OLDER_IMAGE = """\
[[image]]
path = "image_{year}.tif"
date = {date}
bands = {{ red = 3, nir = 4, green = 2, blue = 1 }}

[vegetation]
index = "ndvi"
threshold = "otsu\""""
BY_LAYER = """\
[vegetation]
source = "layer\""""

README = """\
清河（虚构）— greenspace 的样本城市
Qinghe (made up): the sample city of greenspace

这座城市不存在。街道、公园、居民和影像全部由程序生成（种子 {seed}，规格 {size}）。
This city does not exist. Streets, parks, people and images are drawn by a program (seed {seed},
size {size}).

city.toml        清单：图层、影像、人口 / the manifest: layers, images, population
layers.gpkg      全部矢量图层，EPSG:4547 / all vector layers
image_2026.tif   2 米四波段影像（蓝、绿、红、近红外），2026-06-12；数值为反射率 × 10000，0 为无数据
                 2 m, four bands (blue, green, red, near infrared): reflectance times 10000, 0 = no data
image_2023.tif   同上，2023-06-18；当时少一座公园，多一片草地 / the same three years before
mask_2026.tif    云（1）和云影（2）：非 0 即不可见 / cloud (1) and its shadow (2): not 0 means not seen
reference.gpkg   400 个核查点，真实是否为绿；在影像可见的建成区内简单随机抽取
                 400 points, green or not in truth: a simple random sample of what the image shows
city_2020.toml   同一城市 2020、2023 年的清单 / the same city in 2020 and 2023
city_2023.toml
layers_2020.gpkg 当年不同的图层 / the layers that were not today's
layers_2023.gpkg
species.csv      虚构的物种名录 / a made-up list of species
inspections.csv  虚构的社区自查评级 / made-up ratings of the communities' rounds of inspection
stations.csv     三个气象站 2025 年夏季的日最高气温 / daily maxima of the summer of 2025 at three stations
truth.toml       由矢量直接算出的真值，用于检验 / figures computed from the shapes alone, for tests

greenspace check city.toml
"""

TRUTH = """\
# 真值：由生成样本的矢量图形直接算出，不使用本库的量算函数。
# Truth: computed from the shapes alone, without the measures of the library.
#
# green_coverage      union of all vegetation inside the zone / area of the zone
# green_space_*       CJJ/T 85-2017 classes G1, G2, G3 and attached (RG .. UG) inside construction
#                     land ("inside"); EG without EG4 outside it, whose connected piece shares an
#                     edge with it ("other_adjacent") or not ("other_apart");
#                     counted = inside + min(other_adjacent, 0.2 inside), for each zone on its own
# service_coverage    residential land within the true circle distance of a park, by the tiers
#                     (least park area m2, radius m) below; circles of quad_segs chords a quarter
# registered          production green is EG4, wherever it lies; protective green G2, existing within
#                     planned; of the city area: G1, G2, attached, EG1 and EG4
# guarded             what later projects (from 2023-06-30) and the widened road take of the lines;
#                     the core's share of the national park
# year_2020, _2023    the same city as city_2020.toml and city_2023.toml have it
# unseen_m2           nodata, cloud and cloud shadow of image_2026.tif inside the zone
"""


STEPS = {2027: (0.018, 0.012, 0.3), 2028: (0.026, 0.018, 0.6), 2030: (0.040, 0.030, 1.2)}
GIVEN: dict[str, str] = {
    "sewage_treatment": '"95.2%"',
    "sewage_network": '"92.5%"',
    "waste_treatment": '"99.1%"',
    "road_cleaning": '"64%"',
    "water_supply": '"99.4%"',
    "water_quality": '"99.8%"',
    "gas_supply": '"96.3%"',
    "road_lighting": '"98.8%"',
    "lamps_lit": '"98.2%"',
    "transit_share": '"24%"',
    "transit_vehicles_per_10k": "11.2",
    "road_area_per_capita": "14.6",
    "public_toilets_per_10k": "4.3",
    "air_quality_class": '"II"',
    "surface_water_class": '"III"',
    "reclaimed_water_share": '"31%"',
    "water_function_zone_compliance": '"100%"',
    "noise_zone_compliance": '"96.4%"',
    "clean_air_days": "318",
    "main_road_speed": "38",
    "public_satisfaction": '"88.6%"',
    "star_rated_parks": "2",
    "tree_survival": '"92%"',
    "seedling_self_supply": '"83%"',
    "voluntary_planting_duty": '"86%"',
    "block_concentrated_green": "0.55",
}
LATER_LAYERS = frozenset(
    {
        *("communities", "centre", "noise_sources", "exemplary_yards", "green_lines"),
        *("ecological_control", "construction", "road_widening", "park_boundary", "park_zones"),
    }
)


def city_toml(city: SampleCity) -> str:
    """Return the manifest of a sample city."""
    found = city.truth["city"]
    newer, older = city.images
    return CITY.format(
        name=city.name,
        seed=city.seed,
        population=f"{found['population']:_}",
        per_head=round(found["construction_land_m2"] / found["population"], 1),
        layers="\n\n".join(layer_table(name) for name in ENTRIES),
        newer=newer.date.isoformat(),
        older=older.date.isoformat(),
        declared_coverage=f"{found['green_coverage'] + 0.006:.1%}",
        declared_ratio=f"{found['green_space_ratio'] + 0.004:.1%}",
        declared_parks=round(found["park_area_per_capita"] + 0.3, 1),
        supplied=SUPPLIED.format(rows="\n".join(f"{k} = {v}" for k, v in GIVEN.items())),
        targets=_targets(city, STEPS),
    )


def _targets(city: SampleCity, steps: Mapping[int, tuple[float, float, float]]) -> str:
    """Return yearly targets, by how far each lies above what is so today."""
    found = city.truth["city"]
    return "\n\n".join(
        TARGETS.format(
            year=year,
            coverage=found["green_coverage"] + cover,
            ratio=found["green_space_ratio"] + ratio,
            parks=found["park_area_per_capita"] + parks,
        )
        for year, (cover, ratio, parks) in steps.items()
    )


def earlier_toml(city: SampleCity, year: int) -> str:
    """Return the manifest of the city at an earlier date."""
    stage, own, found = STAGES[year], city.earlier[year], city.truth[f"year_{year}"]
    names = [name for name in ENTRIES if name not in LATER_LAYERS]
    if stage.imaged:
        names.remove("vegetation")
    files = {name: f"layers_{year}.gpkg" if name in own else "layers.gpkg" for name in names}
    image = OLDER_IMAGE.format(year=year, date=city.images[1].date.isoformat())
    return EARLIER.format(
        year=year,
        name=city.name,
        day=stage.day.isoformat(),
        population=f"{found['population']:_}",
        per_head=round(city.truth["city"]["construction_land_m2"] / found["population"], 1),
        layers="\n\n".join(layer_table(name, path) for name, path in files.items()),
        cover=image if stage.imaged else BY_LAYER,
        targets=_targets(city, STEPS),
    )


def readme(city: SampleCity) -> str:
    """Return the text that says that the city is made up, and what its files are."""
    return README.format(seed=city.seed, size=city.size)


def truth_toml(city: SampleCity) -> str:
    """Return the truth of a sample city."""
    plain = {key: value for key, value in city.truth.items() if not isinstance(value, dict | list)}
    tables = {key: value for key, value in city.truth.items() if isinstance(value, dict)}
    arrays = {key: value for key, value in city.truth.items() if isinstance(value, list)}
    blocks = [TRUTH, _lines(plain)]
    blocks += [f"[{name}]\n{_lines(values)}" for name, values in tables.items()]
    blocks += [f"[[{name}]]\n{_lines(row)}" for name, rows in arrays.items() for row in rows]
    return "\n".join(blocks)


def _lines(values: Mapping[str, Any]) -> str:
    return "".join(f"{key} = {_literal(value)}\n" for key, value in values.items())


def _literal(value: object) -> str:
    """Return a value as TOML.

    Examples
    --------
    >>> _literal("清河"), _literal(0.5), _literal(date(2023, 6, 18)), _literal([[5000.0, 500.0]])
    ('"清河"', '0.5', '2023-06-18', '[[5000.0, 500.0]]')
    """
    if isinstance(value, str):
        return f'"{value}"'
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list):
        return f"[{', '.join(map(_literal, value))}]"
    return repr(value)
