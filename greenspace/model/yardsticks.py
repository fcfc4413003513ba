"""Yardsticks: which green space must lie how near, by each of the published rules.

Question   What does WHO-300, ANGSt or a living circle ask of a green space, and who says so?
Enters     Nothing.
Leaves     Rules with their numbers, each number's mark and address in the note.
Elsewhere  Measuring: measure/yardsticks. Judging: evaluate/. What each card means: definitions.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from greenspace.model.source import Source
from greenspace.model.words import Text

if TYPE_CHECKING:
    from greenspace.model.definition import Tiers

SQUARE_METRES_A_HECTARE = 10_000.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ReachRule:
    """One rule of the form: a green space of this size and width within this distance.

    Attributes
    ----------
    indicator
        The identifier of the share of residents; what stands in for them adds to it.
    least_m2, least_width_m
        Of the green space, minima included.
    within_m
        The greatest distance.
    note
        Mark and address of each number.
    """

    indicator: str
    least_m2: float
    within_m: float
    note: Text
    least_width_m: float = 0.0

    @property
    def tiers(self) -> Tiers:
        """The rule as the one tier of a service radius."""
        return ((self.least_m2, self.within_m),)

    def source(self, way: str) -> Source:
        """Return the source that names the rule beside a number.

        Examples
        --------
        >>> WHO_300.source("straight line").name
        '>= 5000 m2 within 300 m, straight line'
        """
        width = f", >= {self.least_width_m:.12g} m wide" if self.least_width_m else ""
        size = f">= {self.least_m2:.12g} m2{width} " if self.least_m2 else ""
        name = f"{size}within {self.within_m:.12g} m, {way}"
        return Source(role="rule", name=name, note=self.note)


def _hectares(
    indicator: str, hectares: float, within_m: float, note: Text, width_m: float = 0.0
) -> ReachRule:
    return ReachRule(
        indicator=indicator,
        least_m2=hectares * SQUARE_METRES_A_HECTARE,
        within_m=within_m,
        least_width_m=width_m,
        note=note,
    )


_WHO = Text(
    zh="WHO 欧洲区：直线 300 m 内有绿地的居民比例；0.5 ha 为核心指标，1 ha 为附加指标（弱来源 [35][126]）",
    en="WHO Europe: share of residents within 300 m of green space in a straight line; 0.5 ha is the "
    "core indicator, 1 ha an additional one (weak source [35][126])",
)
WHO_300 = _hectares("who_300", 0.5, 300.0, _WHO)
WHO_300_1_HA = _hectares("who_300_1_ha", 1.0, 300.0, _WHO)
WHO = (WHO_300, WHO_300_1_HA)

_ANGST = Text(
    zh="ANGSt（2010）：2 ha/300 m，20 ha/2 km，100 ha/5 km，500 ha/10 km；地方自然保护区每千人 1 ha（已核对 "
    "[41]）；距离按直线量取（暂定）",
    en="ANGSt (2010): 2 ha/300 m, 20 ha/2 km, 100 ha/5 km, 500 ha/10 km; local nature reserves 1 ha "
    "per 1 000 people (verified [41]); taken in a straight line (provisional)",
)
ANGST = (
    _hectares("angst_2_ha", 2.0, 300.0, _ANGST),
    _hectares("angst_20_ha", 20.0, 2_000.0, _ANGST),
    _hectares("angst_100_ha", 100.0, 5_000.0, _ANGST),
    _hectares("angst_500_ha", 500.0, 10_000.0, _ANGST),
)
ANGST_RESERVES = "angst_nature_reserves"
ANGST_NOTE = _ANGST

SDG_OPEN = "sdg_11_7_1"
SDG_NOTE = Text(
    zh="SDG 11.7.1：（开放公共空间 + 街道）/ 建成区面积（已核对 [39]）",
    en="SDG 11.7.1: (open public space + streets) / built-up area (verified [39])",
)
SDG_ACCESS = ReachRule(
    indicator="sdg_11_7_1_access",
    least_m2=0.0,
    within_m=400.0,
    note=Text(
        zh="SDG 11.7.1：400 m 内有开放公共空间的居民比例（400 m 已核对 [40]；按步行网络量取为暂定）",
        en="SDG 11.7.1: share of residents within 400 m of open public space (400 m verified [40]; "
        "along a walking network: provisional)",
    ),
)

LEAST_TREES = 3
LEAST_CANOPY = 0.30
VIEW_NOTE = Text(
    zh="3-30-300：住宅可见 3 棵树（已核对 [37][38]）；以给定距离内的树代替“可见”，该距离由使用者给出，不出自标准",
    en="3-30-300: 3 trees in view of the home (verified [37][38]); trees within a given distance "
    "stand for those in view: the distance is the caller's, no standard's",
)
CANOPY_NOTE = Text(
    zh="3-30-300：社区林冠覆盖率 30%（已核对 [37][38]）",
    en="3-30-300: 30 % canopy cover of the neighbourhood (verified [37][38])",
)
PARK_300 = _hectares(
    "park_within_300_m",
    1.0,
    300.0,
    Text(
        zh="3-30-300：300 m 内有优质公共绿地（已核对 [37][38]）；至少 1 ha 为暂定",
        en="3-30-300: high-quality public green space within 300 m (verified [37][38]); of at least "
        "1 ha: provisional",
    ),
)
TREES, CANOPY, ALL_THREE = (
    "three_trees_in_view",
    "thirty_percent_canopy",
    "three_thirty_three_hundred",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Circle:
    """A living circle of GB 50180-2018: its reach, and the green it asks for itself."""

    minutes: int
    reach: ReachRule
    green: str


_WIDEST = Text(
    zh="宽度取公园最宽处，即最大内切圆直径（本软件的读法，暂定）",
    en="width is that of the widest place, the diameter of the largest circle inside the park (our "
    "own reading, provisional)",
)


def _circle(minutes: int, hectares: float, width_m: float, within_m: float, note: Text) -> Circle:
    key = f"living_circle_{minutes}"
    said = Text(zh=f"{note.zh}；{_WIDEST.zh}", en=f"{note.en}; {_WIDEST.en}")
    rule = _hectares(f"{key}_service", hectares, within_m, said, width_m)
    return Circle(minutes=minutes, reach=rule, green=f"{key}_green")


FIFTEEN_MINUTES_M = (800.0, 1_000.0)


def living_circle_rules(fifteen_minutes_m: float = FIFTEEN_MINUTES_M[0]) -> tuple[Circle, ...]:
    """Return the three circles, the widest first.

    Examples
    --------
    >>> [circle.reach.least_m2 for circle in living_circle_rules()]
    [50000.0, 10000.0, 4000.0]
    """
    return (
        _circle(
            15,
            5.0,
            80.0,
            fifteen_minutes_m,
            Text(
                zh="GB 50180-2018 十五分钟生活圈：公园 ≥ 5.0 ha，宽 ≥ 80 m（已核对 [96a]）；步行 "
                "800—1000 m（已核对 [96a][122]）",
                en="GB 50180-2018, 15-minute living circle: park >= 5.0 ha, >= 80 m wide (verified "
                "[96a]); 800 to 1000 m on foot (verified [96a][122])",
            ),
        ),
        _circle(
            10,
            1.0,
            50.0,
            500.0,
            Text(
                zh="GB 50180-2018 十分钟生活圈：公园 ≥ 1.0 ha（已核对 [96a]），宽 ≥ 50 m（暂定）；步行 "
                "500 m（已核对 [96a][122]）",
                en="GB 50180-2018, 10-minute living circle: park >= 1.0 ha (verified [96a]), >= 50 m "
                "wide (provisional); 500 m on foot (verified [96a][122])",
            ),
        ),
        _circle(
            5,
            0.4,
            30.0,
            300.0,
            Text(
                zh="GB 50180-2018 五分钟生活圈：公园 ≥ 0.4 ha，宽 ≥ 30 m（均为暂定）；步行 300 m（已核对 "
                "[96a][122]）",
                en="GB 50180-2018, 5-minute living circle: park >= 0.4 ha, >= 30 m wide (both "
                "provisional); 300 m on foot (verified [96a][122])",
            ),
        ),
    )


MEASURED_BY: dict[str, frozenset[str]] = {
    "gs.who_300": frozenset({WHO_300.indicator, WHO_300_1_HA.indicator}),
    "gs.angst": frozenset({*(rule.indicator for rule in ANGST), ANGST_RESERVES}),
    "gs.sdg_11_7_1": frozenset({SDG_OPEN, SDG_ACCESS.indicator}),
    "gs.three_thirty_three_hundred": frozenset({TREES, CANOPY, PARK_300.indicator, ALL_THREE}),
    "gs.living_circles": frozenset(
        name for circle in living_circle_rules() for name in (circle.reach.indicator, circle.green)
    ),
    "gs.network_service_coverage": frozenset({"network_service_coverage"}),
    "gs.residents_served": frozenset({"residents_served"}),
    "gs.residents_served_on_foot": frozenset({"residents_served_on_foot"}),
}
"""By function: the indicators that it measures and a check of a city does not judge."""
