"""Definition parameters: what a method needs to know of a row, and which methods ask for it.

Question   Is this parameter one that something is measured by, and can its value be one?
Enters     Rows as their file says them.
Leaves     Nothing, or one refusal that names file, key, expected and found.
Elsewhere  Everything else of a row: read/definition_rules. Reading them while measuring: scope.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from math import inf, isfinite
from typing import TYPE_CHECKING, Final

from greenspace.model.words import Text
from greenspace.read.definition_shape import nearest, refusal

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from greenspace.errors import DefinitionError
    from greenspace.model.definition import Criterion, Parameter, Profile
    from greenspace.read.definition_tables import OverlayRow

UNITS: Final = ("1", "m2", "m2/person", "m", "count", "degC", "person")


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What a parameter that a method applies may be.

    Attributes
    ----------
    unit
        Of a number; words have none.
    least, most
        The range of a number; `least` itself only where `closed`.
    words
        A word is one of these, a list of words some of them.
    several
        The value is a list of words.
    """

    unit: str = ""
    least: float = 0.0
    most: float = inf
    closed: bool = False
    words: tuple[str, ...] = ()
    several: bool = False

    @property
    def expected(self) -> str:
        """What the value should be, in signs alone."""
        if self.words:
            return f"[{', '.join(self.words)}]" if self.several else " | ".join(self.words)
        unit = "" if self.unit == "1" else f" {self.unit}"
        low = f"{'>=' if self.closed else '>'} {self.least:g}"
        return f"{low}{unit}" if self.most == inf else f"{low}, <= {self.most:g}{unit}"

    def fits(self, value: object) -> bool:
        """Return whether a value can be one of this parameter."""
        if self.several:
            return isinstance(value, tuple) and bool(value) and set(value) <= set(self.words)
        if self.words:
            return value in self.words
        if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value):
            return False
        return (value >= self.least if self.closed else value > self.least) and value <= self.most


SHARE: Final = Known(unit="1", most=1.0)
AREA: Final = Known(unit="m2", most=1e10)
LENGTH: Final = Known(unit="m", most=100_000.0)
ROADS: Final = Known(words=("expressway", "main", "secondary", "branch"), several=True)
REACH: Final = {"area_min_m2": AREA, "within_m": LENGTH}
CIRCLE: Final = {**REACH, "width_min_m": Known(unit="m", most=10_000.0, closed=True)}

APPLIED: Final[Mapping[str, Mapping[str, Known]]] = {
    **dict.fromkeys(("who_300", "who_300_1_ha"), REACH),
    **{f"angst_{size}_ha": REACH for size in (2, 20, 100, 500)},
    **{f"living_circle_{minutes}_service": CIRCLE for minutes in (15, 10, 5)},
    "community_park_per_capita": {"area_above_m2": AREA},
    "comprehensive_park_per_capita": {"area_above_m2": AREA},
    "comprehensive_parks_per_10k": {"area_min_m2": AREA},
    "green_space_ratio": {
        "historic_relaxation": SHARE,
        "historic_share_above": SHARE,
        "other_green_cap": Known(unit="1", most=1.0, closed=True),
    },
    "greenway_service_coverage": {"radius_m": LENGTH},
    "main_road_green_belt_share": {"road_classes": ROADS},
    "park_area_per_capita": {
        "historic_relaxation": Known(unit="m2/person", most=1_000.0),
        "historic_share_above": SHARE,
    },
    "permeable_share": {"runoff_below": SHARE},
    "riverbank_greening": {"width_m": Known(unit="m", most=10_000.0)},
    "road_green_compliance": {"width_table": Known(words=("old", "2023"))},
    "road_greening_rate": {"section_m": Known(unit="m", most=100_000.0)},
    "secondary_road_green_belt_share": {"road_classes": ROADS},
    "service_coverage": {"historic_area_min_m2": AREA, "historic_radius_m": LENGTH},
    "tree_lined_road_share": {
        "canopy_min": SHARE,
        "excluded_road_classes": ROADS,
        "road_classes": ROADS,
        "sides": Known(words=("both", "mean")),
        "without_footways": Known(words=("counted", "left_out")),
    },
    "unit_compliance_share": dict.fromkeys(
        ("industry_min", "institution_min", "public_min"), SHARE
    ),
}
"""By indicator: the parameters that its method applies; others stand there as they were printed."""

TOGETHER: Final = (
    ("historic_area_min_m2", "historic_radius_m"),
    ("historic_share_above", "historic_relaxation"),
)
APART: Final = ("road_classes", "excluded_road_classes")


def unit_of(indicator: str, name: str) -> str:
    """Return the unit of a parameter that a method applies, empty for words and others.

    Examples
    --------
    >>> unit_of("tree_lined_road_share", "canopy_min"), unit_of("tree_lined_road_share", "sides")
    ('1', '')
    """
    known = APPLIED.get(indicator, {}).get(name)
    return "" if known is None else known.unit


def require_parameters(row: Criterion, file: str) -> None:
    """Refuse parameters of a row that their method could not apply.

    Raises
    ------
    DefinitionError
        Names the row and the parameter.
    """
    applied = APPLIED.get(row.indicator, {})
    for item in row.parameters:
        if item.name in applied:
            _require_value(row, item, applied[item.name], file)
        else:
            _require_printed(row, item, file)
    names = {item.name for item in row.parameters}
    for pair in TOGETHER:
        if len(names.intersection(pair)) == 1:
            words = Text(
                zh=f"{pair[0]} 与 {pair[1]} 须一并给出。",
                en=f"{pair[0]} and {pair[1]} are applied together.",
            )
            key = _key(row, *names.intersection(pair))
            raise refusal(file, key, words, expected=pair, found=tuple(names.intersection(pair)))
    if names.issuperset(APART):
        words = Text(
            zh=f"{APART[0]} 与 {APART[1]} 只能写其一。",
            en=f"{APART[0]} and {APART[1]} exclude each other.",
        )
        raise refusal(file, _key(row, APART[1]), words, expected="one of them", found=APART)


def _require_value(row: Criterion, item: Parameter, known: Known, file: str) -> None:
    key = _key(row, item.name)
    if item.unit != known.unit:
        words = Text(
            zh=f"{item.name} 的单位是“{known.unit}”，不是“{item.unit}”。",
            en=f"The unit of {item.name} is '{known.unit}', not '{item.unit}'.",
        )
        raise refusal(file, f"{key}.unit", words, expected=known.unit, found=item.unit)
    if not known.fits(item.value):
        words = Text(
            zh=f"{item.name} 不能是 {_spelt(item)}，应为 {known.expected}。",
            en=f"{item.name} cannot be {_spelt(item)}; it is {known.expected}.",
        )
        share = Text(zh="36% 请写作 0.36。", en="Write 36 % as 0.36.")
        raise refusal(
            file,
            f"{key}.value",
            words,
            expected=known.expected,
            found=item.value,
            remedy=share if known.unit == "1" else None,
        )


def _require_printed(row: Criterion, item: Parameter, file: str) -> None:
    """Refuse a printed parameter that is no number, or of a unit that nobody knows."""
    key = _key(row, item.name)
    if isinstance(item.value, float) and not isfinite(item.value):
        words = Text(zh="参数应为有限的数。", en="A parameter is a finite number.")
        raise refusal(file, f"{key}.value", words, expected="a number", found=item.value)
    if item.unit and item.unit not in UNITS:
        near = nearest(item.unit, UNITS) or UNITS
        words = Text(zh=f"没有“{item.unit}”这个单位。", en=f"There is no unit '{item.unit}'.")
        raise refusal(file, f"{key}.unit", words, expected=near, found=item.unit)


def require_applied(rows: Iterable[OverlayRow], profiles: Iterable[Profile], file: str) -> None:
    """Refuse parameters of a user's file by which nothing is measured, or that stand there twice.

    Raises
    ------
    DefinitionError
        Names the row, the parameter, and those that are applied.
    """
    printed = {
        (row.indicator, item.name)
        for profile in profiles
        for row in profile.criteria
        for item in row.parameters
    }
    for own in rows:
        names = tuple(APPLIED.get(own.indicator, ()))
        for name, count in Counter(item.name for item in own.parameter).items():
            if name not in names:
                raise _idle(own, name, names, file, printed=(own.indicator, name) in printed)
            if count > 1:
                words = Text(zh="同名参数出现了两次。", en="The row has this parameter twice.")
                raise refusal(
                    file, _key(own, name), words, expected="one parameter", found="two of them"
                )


def _idle(
    own: OverlayRow, name: str, names: tuple[str, ...], file: str, *, printed: bool
) -> DefinitionError:
    near = nearest(name, names) or names
    if printed:
        words = Text(
            zh=f"{own.indicator} 的“{name}”只是照录原文，没有任何量算使用它，改写不会有效果。",
            en=f"'{name}' of {own.indicator} is printed for information; nothing is measured by it, "
            "so that another value would change nothing.",
        )
    else:
        words = Text(
            zh=f"{own.indicator} 没有“{name}”这个参数。",
            en=f"{own.indicator} has no parameter '{name}'.",
        )
    remedy = None
    if near:
        remedy = Text(zh=f"可改的有：{'、'.join(near)}。", en=f"It applies: {', '.join(near)}.")
    return refusal(file, _key(own, name), words, expected=near, found=name, remedy=remedy)


def _spelt(item: Parameter) -> str:
    value = list(item.value) if isinstance(item.value, tuple) else item.value
    return f"{value:g}" if isinstance(value, float) else repr(value)


def _key(row: Criterion | OverlayRow, name: str) -> str:
    return f"criterion {row.indicator}/{row.level}.parameter {name}"
