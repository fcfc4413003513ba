"""Plan: what the made-up city is meant to be, before it is bent and drawn.

Question   Which streets, parks and quarters does the city have, and where?
Enters     Nothing: these are decisions.
Leaves     Two plans, one of 2.5 km and one of 0.6 km, with the same layers.
Elsewhere  Drawing them: layout, parks, plots.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Size = Literal["full", "small"]
Axis = Literal["ns", "ew"]
Place = tuple[float, float]

FAST, ARTERIAL, SECONDARY, BRANCH = "快速路", "主干路", "次干路", "支路"
WIDTHS_M = {FAST: 60.0, ARTERIAL: 42.0, SECONDARY: 28.0, BRANCH: 16.0}


@dataclass(frozen=True, slots=True)
class Street:
    """A street of the plan: ``ns`` streets run along v at about u = ``at``, ``ew`` the other way.

    ``spans`` name the streets where each piece begins and ends; ``edge`` is the image's.
    """

    key: str
    name: str
    kind: str
    axis: Axis
    at: float  # QN and QS: the distance from the middle of the river
    spans: tuple[tuple[str, str], ...] = (("edge", "edge"),)


@dataclass(frozen=True, slots=True)
class ParkSpec:
    """A park: near which place, of which class, and how much of the block it takes.

    ``area_m2`` None takes the whole block; ``toward`` None lays the park on the side of the block
    where ``place`` is.
    """

    name: str
    code: str
    place: Place
    area_m2: float | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything about one size of the city."""

    half_m: float
    width_scale: float
    streets: tuple[Street, ...]
    river: tuple[float, float, float]  # v, swing, half width
    rail: tuple[float, float, float]  # u, swing, half width
    footbridge: float  # u
    parks: tuple[ParkSpec, ...]
    exact_park: Place
    crossing_park: tuple[Place, Place]  # centre, radii
    hill: tuple[Place, Place]
    nursery: tuple[Place, Place]
    marsh: tuple[Place, Place]
    wetland: Place
    island: tuple[float, float, float]  # u, half length, half width
    outer_wood: tuple[Place, Place]
    extension: tuple[Place, Place]
    square: Place
    built_over: Place  # lawn on the older image, a building on the newer
    quarters: tuple[tuple[Place, str], ...]
    old_town: tuple[Place, Place]  # lower left and upper right corner
    jitter_m: float
    people_per_ha: tuple[float, float, float]  # of residential land, by district


FULL_STREETS = (
    Street("W1", "环城西路", FAST, "ns", -945),
    Street("W2", "学院路", SECONDARY, "ns", -680, (("S3", "QS"), ("QN", "N4"))),
    Street("W3", "人民路", ARTERIAL, "ns", -405),
    Street("W4", "书院街", BRANCH, "ns", -195, (("QN", "A1"),)),
    Street("C", "文昌路", SECONDARY, "ns", 70, (("S3", "QS"), ("QN", "C2"), ("A1", "edge"))),
    Street("E1", "建设路", ARTERIAL, "ns", 345),
    Street("E2", "站前路", SECONDARY, "ns", 590, (("QN", "N4"),)),
    Street("E3", "工业路", SECONDARY, "ns", 965, (("E4", "N4"),)),
    Street("P1", "桃园街", BRANCH, "ns", -815, (("A1", "N3"),)),
    Street("P2", "枫林街", BRANCH, "ns", -170, (("N3", "N4"),)),
    Street("P3", "槐树街", BRANCH, "ns", 210, (("A1", "N4"),)),
    Street("E0", "铁西街", BRANCH, "ns", 705, (("QN", "A1"),)),
    Street("P5", "兴业街", BRANCH, "ns", 620, (("S3", "QS"),)),
    Street("N4", "北环路", ARTERIAL, "ew", 945),
    Street("N3", "枫桥路", SECONDARY, "ew", 690, (("W1", "E2"),)),
    Street("A1", "清河大道", ARTERIAL, "ew", 415),
    Street("C2", "钟楼街", BRANCH, "ew", 160, (("W2", "E0"),)),
    Street("C1", "府前街", SECONDARY, "ew", -55, (("W1", "E0"),)),
    Street("QN", "滨河北路", SECONDARY, "ew", 108, (("W1", "E0"),)),
    Street("QS", "滨河南路", BRANCH, "ew", -98, (("W1", "P5"),)),
    Street("S2", "南苑路", SECONDARY, "ew", -690, (("W2", "P5"),)),
    Street("S3", "南环路", ARTERIAL, "ew", -930),
    Street("E4", "仓储路", BRANCH, "ew", 130, (("E3", "edge"),)),
)
FULL_PARKS = (
    ParkSpec("人民公园", "G11", (75, 285)),
    ParkSpec("城南公园", "G11", (-165, -810)),
    ParkSpec("清河植物园", "G139", (467, 815)),
    ParkSpec("滨河绿廊", "G14", (0, -322)),
    ParkSpec("东滩游园", "G14", (470, -322), 21_000.0),
    ParkSpec("南岸公园", "G12", (60, -446), 26_000.0),
    ParkSpec("南苑公园", "G12", (330, -580), 21_000.0),
    ParkSpec("学院公园", "G12", (-150, -580), 17_000.0),
    ParkSpec("枫林公园", "G12", (80, 830), 24_000.0),
    ParkSpec("文昌古园", "G133", (-215, 60), 9_500.0),
    ParkSpec("铁东公园", "G12", (950, 440), 12_000.0),
    ParkSpec("桂花游园", "G14", (230, -180), 4_200.0),
    ParkSpec("海棠游园", "G14", (570, 560), 3_100.0),
    ParkSpec("石榴游园", "G14", (-390, 530), 2_500.0),
    ParkSpec("梧桐游园", "G14", (600, -700), 2_050.0),
    ParkSpec("竹影口袋公园", "G14", (-690, 210), 1_800.0),
    ParkSpec("晨光口袋公园", "G14", (-700, 540), 1_450.0),
    ParkSpec("荷风口袋公园", "G14", (330, -890), 1_100.0),
    ParkSpec("砚池口袋公园", "G14", (-395, -80), 850.0),
    ParkSpec("站前口袋公园", "G14", (575, 180), 700.0),
    ParkSpec("月台口袋公园", "G14", (575, -80), 560.0),
    ParkSpec("桃园口袋公园", "G14", (-810, 670), 430.0),
    ParkSpec("井栏口袋公园", "G14", (60, -75), 380.0),
    ParkSpec("石桥口袋公园", "G14", (-185, -200), 300.0),
    ParkSpec("书院口袋公园", "G14", (-210, 150), 210.0),
)
FULL = Plan(
    half_m=1250.0,
    width_scale=1.0,
    streets=FULL_STREETS,
    river=(-385.0, 75.0, 34.0),
    rail=(765.0, 45.0, 12.0),
    footbridge=70.0,
    parks=FULL_PARKS,
    exact_park=(-200, 600),
    crossing_park=((60, 1060), (150, 95)),
    hill=((-745, -850), (315, 300)),
    nursery=((900, -790), (170, 105)),
    marsh=((915, -540), (200, 140)),
    wetland=(-675, -446),
    island=(-80.0, 75.0, 13.0),
    outer_wood=((1080, 1060), (160, 130)),
    extension=((820, 980), (330, 260)),
    square=(200, -75),
    built_over=(480, 480),
    quarters=(
        ((200, 50), "行政"),
        ((470, 50), "商业"),
        ((210, 560), "商业"),
        ((470, 560), "商业"),
        ((470, -180), "商业"),
        ((-540, 560), "学校"),
        ((-540, 50), "学校"),
        ((-30, -580), "学校"),
        ((480, -580), "医院"),
        ((660, 300), "公用设施"),
        ((680, 700), "物流"),
        ((-800, 150), "行政"),
    ),
    old_town=((-405, -330), (70, 160)),
    jitter_m=12.0,
    people_per_ha=(312.0, 248.0, 272.0),
)
SMALL_STREETS = (
    Street("W1", "环城西路", FAST, "ns", -215),
    Street("W3", "人民路", ARTERIAL, "ns", -95),
    Street("C", "文昌路", SECONDARY, "ns", 40, (("S3", "QS"), ("QN", "A1"), ("N3", "edge"))),
    Street("E3", "工业路", BRANCH, "ns", 225, (("A1", "edge"),)),
    Street("N3", "枫桥路", BRANCH, "ew", 175, (("W1", "E0"),)),
    Street("E0", "站前路", BRANCH, "ns", 130, (("QN", "N3"),)),
    Street("A1", "清河大道", ARTERIAL, "ew", 55),
    Street("QN", "滨河北路", SECONDARY, "ew", 40, (("W1", "E0"),)),
    Street("QS", "滨河南路", BRANCH, "ew", -34, (("W1", "C"),)),
    Street("S3", "南环路", ARTERIAL, "ew", -225),
)
SMALL = Plan(
    half_m=300.0,
    width_scale=0.55,
    streets=SMALL_STREETS,
    river=(-95.0, 10.0, 12.0),
    rail=(178.0, 6.0, 6.0),
    footbridge=40.0,
    parks=(
        ParkSpec("人民公园", "G11", (20, 115)),
        ParkSpec("滨河绿廊", "G14", (0, -73)),
        ParkSpec("南苑公园", "G12", (30, -200), 5_600.0),
        ParkSpec("桂花游园", "G14", (-80, 150), 2_300.0),
        ParkSpec("竹影口袋公园", "G14", (-80, -10), 1_100.0),
        ParkSpec("砚池口袋公园", "G14", (30, 30), 450.0),
        ParkSpec("书院口袋公园", "G14", (120, 30), 220.0),
    ),
    exact_park=(-20, -5),
    crossing_park=((-20, 250), (50, 40)),
    hill=((-165, -175), (50, 55)),
    nursery=((220, -170), (35, 32)),
    marsh=((215, -100), (40, 30)),
    wetland=(-155, -115),
    island=(30.0, 18.0, 4.0),
    outer_wood=((265, 265), (30, 30)),
    extension=((220, 240), (70, 60)),
    square=(120, 0),
    built_over=(85, 215),
    quarters=(
        ((-155, 110), "学校"),
        ((85, 215), "商业"),
        ((155, 110), "公用设施"),
        ((-155, 0), "new"),
        ((85, 20), "new"),
        ((90, -170), "new"),
    ),
    old_town=((-95, -80), (40, 55)),
    jitter_m=2.0,
    people_per_ha=(312.0, 248.0, 272.0),
)
PLANS: dict[Size, Plan] = {"full": FULL, "small": SMALL}
