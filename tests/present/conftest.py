"""A small city of boxes, judged by hand: 1 km x 1 km in a CGCS2000 zone, two districts."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
from pyproj import CRS
from shapely import box

from greenspace.model.check import Check, Measured, Picture
from greenspace.model.city import City, ImageSpec
from greenspace.model.definition import Citation, Indicator, Profile
from greenspace.model.quantity import Interval, Ratio, RatioTable
from greenspace.model.source import Finding, Source
from greenspace.model.verdict import Overall, Verdict
from greenspace.model.words import Text

ZONE = CRS.from_epsg(4547)
WEST, SOUTH = 571_000.0, 3_441_000.0  # east of the central meridian: grid north is not north
NASTY = '=1+1 <script>alert("$x$")</script> [red]'
TIERS = ((5000.0, 500.0), (2000.0, 300.0))
RULE = Source(role="tiers", name="住建部 2021 城市体检", note=Text("分级", "tiers"))


def square(x0, y0, x1, y1):
    return box(WEST + x0, SOUTH + y0, WEST + x1, SOUTH + y1)


def frame(shapes, **columns):
    return gpd.GeoDataFrame(columns, geometry=shapes, crs=ZONE)


def card(key, zh, en, unit, basis):
    return Indicator(
        id=key,
        name=Text(zh, en),
        question=Text(f"{zh}是多少？", f"How large is the {en}?"),
        unit=unit,
        better="higher",
        numerator=Text("分子面积（m²）", "Area above, m2"),
        denominator=Text("分母面积（m²）", "Area below, m2"),
        undefined=Text("分母为零。", "The denominator is zero."),
        formula="area(a & b) / area(b)",
        basis=basis,
        references=("[4]",),
    )


INDICATORS = {
    "green_coverage": card("green_coverage", "建成区绿化覆盖率", "green coverage", "1", "imagery"),
    "green_space_ratio": card(
        "green_space_ratio", "建成区绿地率", "green-space ratio", "1", "parcels"
    ),
    "park_area_per_capita": card(
        "park_area_per_capita",
        "人均公园绿地面积",
        "park green space per person",
        "m2/person",
        "people",
    ),
    "service_coverage": card(
        "service_coverage",
        "公园绿地服务半径覆盖率",
        "park service-radius coverage",
        "1",
        "reach",
    ),
    "sewage_treatment": card(
        "sewage_treatment", "城市污水处理率", "sewage treated", "1", "supplied"
    ),
}


def layers():
    # G1 200 x 400, G2 400 x 50, G3 60 x 60, XG 300 x 300, EG outside the line
    green = frame(
        [
            square(100, 100, 300, 500),
            square(0, 900, 400, 950),
            square(500, 500, 560, 560),
            square(600, 100, 900, 400),
            square(1050, 200, 1250, 700),
        ],
        **{"class": ["G1", "G2", "G3", "RG", "EG1"], "name": [NASTY, "b", "c", "d", "e"]},
    )
    residential = frame([square(350, 100, 500, 300), square(600, 600, 950, 900)], name=["甲", "乙"])
    reach = square(100, 100, 300, 500).buffer(250)
    served = residential.geometry.intersection(reach)
    return {
        "built_up": frame([square(0, 0, 1000, 1000)]),
        "districts": frame(
            [square(0, 0, 500, 1000), square(500, 0, 1000, 1000)], name=["东城", NASTY]
        ),
        "green": green,
        "parks": green.iloc[[0]],
        "residential": residential,
        "service_area": frame([reach], park=["p"]),
        "served": frame(served[~served.is_empty].tolist()),
        "unserved": frame(residential.geometry.difference(reach).tolist()),
        "water": frame([square(0, 700, 1000, 740)], name=["清河"]),
    }


def picture():
    rows, cols = np.mgrid[0:120, 0:120]
    green = ((rows // 12 + cols // 12) % 3 == 0).astype(np.float32)
    green[:20, :30] = np.nan
    return Picture(
        green=green,
        bounds=(WEST - 100, SOUTH - 100, WEST + 1100, SOUTH + 1100),
        crs=ZONE,
    )


def measured():
    zones = layers()["districts"]
    names = ("东城", NASTY)
    image = Source(role="image", name="image.tif", sha256="a" * 64)
    coverage = Ratio(
        "green_coverage",
        359_960.0,
        1_000_000.0,
        "1",
        ZONE,
        (image,),
        Interval(0.33, 0.38, estimate=0.355),
        unseen=1000.0,
    )
    return (
        Measured(
            ratio=coverage,
            zones=RatioTable(
                "green_coverage",
                zones,
                [200_000.0, 159_960.0],
                [500_000.0, 499_000.0],
                "1",
                ZONE,
                (image,),
                unseen=[0.0, 1000.0],
            ),
            zone_names=names,
            outside=Ratio("green_coverage", 0.0, 1000.0, "1", ZONE, unseen=0.0),
        ),
        Measured(
            ratio=Ratio("green_space_ratio", 193_600.0, 1_000_000.0, "1", ZONE),
            zones=RatioTable(
                "green_space_ratio",
                zones,
                [100_000.0, 0.0],
                [500_000.0, 0.0],
                "1",
                ZONE,
            ),
            zone_names=names,
        ),
        Measured(ratio=Ratio("park_area_per_capita", 80_000.0, 8000.0, "m2/person", ZONE)),
        Measured(
            ratio=Ratio("service_coverage", 60_000.0, 135_000.0, "1", ZONE, (RULE,)),
            tiers=TIERS,
        ),
        Measured(
            ratio=Ratio("green_coverage", 350_000.0, 1_000_000.0, "1", ZONE),
            judged=False,
            label=Text("由植被面", "from polygons"),
        ),
    )


def verdict(key, ratio, threshold, token, **changes):
    base = Verdict(
        standard="CN-2010",
        indicator=key,
        name=INDICATORS[key].name,
        unit=INDICATORS[key].unit,
        operator=">=",
        ratio=ratio,
        threshold=threshold,
        readings=() if threshold is None else (threshold,),
        margin=None if ratio is None or threshold is None else ratio.value - threshold,
        verdict=token,
        mark=None if threshold is None else "verified",
        reason=None,
        source=Citation(document="建城[2010]125号", clause="表1", address="[25]"),
        gate=key in {"green_coverage", "green_space_ratio", "park_area_per_capita"},
        mandatory=True,
    )
    return replace(base, **changes)


def verdicts():
    coverage, space, parks, service, _ = (item.ratio for item in measured())
    lowest = replace(space, place=NASTY)
    sewage = Ratio("sewage_treatment", 0.9, 1.0, "1", None)
    return (
        verdict("green_coverage", coverage, 0.36, "fail", other_levels=(("higher", 0.40),)),
        verdict("green_space_ratio", space, 0.31, "fail"),
        verdict("park_area_per_capita", parks, 9.0, "pass", mark="provisional"),
        verdict("green_space_ratio", lowest, 0.25, "fail", gate=False, mark="weak"),
        verdict(
            "service_coverage",
            service,
            None,
            "not_assessable",
            readings=(0.7, 0.8),
            mark="weak",
            reason=Text("来源不一致。", "Sources disagree."),
        ),
        verdict("sewage_treatment", sewage, 0.8, "pass", basis="supplied", mark="user"),
        verdict(
            "park_area_per_capita",
            parks,
            8.0,
            "pass",
            standard="GB55014-2021",
            gate=False,
        ),
    )


def build(folder=Path("/nowhere/city")):
    city = City(
        name="清河（虚构）",
        manifest=folder / "city.toml",
        date=date(2026, 6, 30),
        population=8000.0,
        population_basis="城区人口",
        editions={"green": "2017"},
        images=(ImageSpec(path=folder / "image.tif", name="image.tif", date=date(2026, 6, 12)),),
        report={"prepared_by": "规划科 <b>", "statement": "本城市纯属虚构。 A made-up city."},
    )
    profile = Profile(
        id="CN-2010",
        title=Text("国家园林城市标准（2010）", "National garden city (2010)"),
        document="建城[2010]125号",
        levels=("basic", "higher"),
        level_names={"basic": Text("基本项", "basic"), "higher": Text("提升项", "higher")},
        criteria=(),
        in_force_from=date(2010, 12, 1),
        superseded_by="CN-2016",
    )
    law = replace(
        profile,
        id="GB55014-2021",
        title=Text("园林绿化工程项目规范", "Project code for landscaping"),
        superseded_by=None,
    )
    return Check(
        city=city,
        standard="CN-2010",
        profiles=(profile, law),
        indicators=INDICATORS,
        verdicts=verdicts(),
        overall=Overall(
            standard="CN-2010",
            verdict="fail",
            provisional=False,
            review_ends=("green_coverage", "green_space_ratio"),
        ),
        measured=measured(),
        findings=(
            Finding(code="note", text=Text("提示。", "A note."), layer="parks", count=2),
            Finding(
                code="overlap",
                text=Text("绿地重叠 5 m²。", f"Overlap in {folder}/green.shp {NASTY}"),
                severity="warning",
                layer="green",
                count=3,
                area_m2=5.0,
            ),
            Finding(code="wrong", text=Text("有误。", "Wrong."), severity="error"),
        ),
        inputs=(
            Source(role="green", name="layers.gpkg", layer="green", sha256="b" * 64),
            Source(role="parks", name="layers.gpkg", layer="parks", sha256="b" * 64),
            Source(role="image", name="image.tif", sha256="a" * 64),
        ),
        crs=ZONE,
        layers=layers(),
        picture=picture(),
    )


@pytest.fixture
def check():
    return build()


@pytest.fixture
def nasty():
    return NASTY


@pytest.fixture(scope="session")
def builder():
    return build
