"""Heat: how much warmer summer days get in the city than around it.

Question   By how much do the mean daily maxima of June to August differ between the two?
Enters     One row a station and day: station, zone (urban or hinterland), date, tmax_c.
Leaves     One Ratio in degrees Celsius over 1: the difference, with both means as its sources.
Elsewhere  Files, units and repeats: read/stations. Land-surface temperature: another thing.

Each summer is one of its own. Each station's mean is over its own days; then every station of a
side counts the same, so that gaps in a record do not change the weight of its place. Temperatures are
the decimals that they are written as, and are averaged as fractions: 32.1 less 29.6 is 2.5, whatever
the order of the rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import ceil
from numbers import Integral, Real
from typing import TYPE_CHECKING, Any

import pandas as pd

from greenspace.errors import InputError
from greenspace.model.city import SUMMER_MONTHS
from greenspace.model.quantity import Ratio
from greenspace.model.source import Finding, Source
from greenspace.model.words import Text

if TYPE_CHECKING:
    from collections.abc import Sequence

HEAT_ISLAND = "heat_island"
SUMMER_DAYS = 92
LEAST_SHARE = 0.9  # a choice of this library: the standard's text is silent
FAR_C = 15  # from the median of a station's summer: further than weather goes; a choice, too
MOST_C = 10  # between two sides: several times what is known of any city
SIDES = ("urban", "hinterland")
SIDE_NAMES = {
    "urban": Text(zh="城区", en="urban"),
    "hinterland": Text(zh="郊区", en="hinterland"),
}
AVERAGED = Source(
    role="averaging",
    name="averaging",
    note=Text(
        zh="每站先取其 6—8 月日最高气温平均，再各站等权平均（provisional：平均次序未能读到）",
        en="each station's mean of its daily maxima, June to August, then every station alike "
        "(provisional: the order of averaging was not read)",
    ),
)


@dataclass(frozen=True, slots=True)
class Summer:
    """One summer: a row a station with zone, days, missing, mean_c and whether it is counted."""

    year: int
    stations: pd.DataFrame

    def of(self, side: str) -> pd.DataFrame:
        """Return the stations of a side that are counted."""
        table = self.stations
        return table[(table["zone"] == side) & table["counted"]]

    def mean_c(self, side: str) -> Fraction | None:
        """Return the mean of the stations' means, ``None`` where no station is counted."""
        means = list(self.of(side)["mean_c"])
        return sum(means, Fraction()) / len(means) if means else None

    @property
    def difference_c(self) -> Fraction | None:
        """Urban less hinterland, ``None`` where either side has no station."""
        urban, hinterland = (self.mean_c(side) for side in SIDES)
        return None if urban is None or hinterland is None else urban - hinterland


def _mean(values: pd.Series) -> Fraction | None:
    """Return the exact mean of decimals, ``None`` of none.

    Examples
    --------
    >>> _mean(pd.Series([0.1, 0.2, None]))
    Fraction(3, 20)
    """
    counts = values.value_counts().items()  # without NaN
    told = [(Fraction(repr(value)), count) for value, count in counts]
    days = sum(count for _, count in told)
    return sum((value * count for value, count in told), Fraction()) / days if days else None


def summers(days: pd.DataFrame, *, least_share: float = LEAST_SHARE) -> tuple[Summer, ...]:
    """Return every summer in a record, the newest first.

    Parameters
    ----------
    days
        As `greenspace.read.stations.stations_of` returns them: each station and day once.
    least_share
        Share of the 92 days that a station must have measured to be counted.
    """
    warm = days[days["date"].dt.month.isin(SUMMER_MONTHS)]
    found = []
    for year, rows in warm.groupby(warm["date"].dt.year):
        group = rows.groupby("station", sort=True)
        table = pd.DataFrame(
            {
                "zone": group["zone"].first(),
                "days": group["tmax_c"].count(),
                "mean_c": pd.Series(
                    {name: _mean(values) for name, values in group["tmax_c"]}, dtype=object
                ),
            }
        )
        table["missing"] = SUMMER_DAYS - table["days"]
        table["counted"] = table["days"] >= ceil(least_share * SUMMER_DAYS - 1e-9)
        found.append(Summer(int(str(year)), table))
    return tuple(sorted(found, key=lambda summer: -summer.year))


def heat_island(
    days: pd.DataFrame,
    *,
    year: int | None = None,
    least_share: float = LEAST_SHARE,
    source: Source | None = None,
) -> Ratio:
    """Measure the heat island of one summer: by default the newest that both sides have.

    Parameters
    ----------
    days, least_share
        As `summers` takes them.
    year
        The summer to be measured.
    source
        The file that the days are from.

    Returns
    -------
    Ratio
        In degC, over 1; without a value where no summer has enough days on both sides.

    Raises
    ------
    InputError
        The record does not reach the year, or the share is none.

    Examples
    --------
    >>> dates = pd.date_range("2026-06-01", "2026-08-31")
    >>> rows = [("a", "urban", day, 33.0) for day in dates]
    >>> rows += [("b", "hinterland", day, 31.5) for day in dates]
    >>> days = pd.DataFrame(rows, columns=["station", "zone", "date", "tmax_c"])
    >>> heat_island(days).value
    1.5
    """
    if not _is(least_share, Real) or not 0 < least_share <= 1:
        raise InputError(
            f"least_share 应在 0 与 1 之间，而不是 {least_share!r}。",
            f"least_share should be above 0 and at most 1, not {least_share!r}.",
            remedy=Text(zh="例如 least_share=0.9。", en="For example least_share=0.9."),
            expected="0 < least_share <= 1",
            found=least_share,
        )
    if year is not None and not _is(year, Integral):
        raise InputError(
            f"year 应是一个整数，而不是 {year!r}。",
            f"year should be a whole number, not {year!r}.",
            remedy=Text(zh="例如 year=2026。", en="For example year=2026."),
            expected="a whole number",
            found=year,
        )
    known = summers(days, least_share=least_share)
    wanted = [summer for summer in known if year in {None, summer.year}]
    if year is not None and not wanted:
        raise InputError(
            f"记录中没有 {year} 年夏季。",
            f"The record has no summer of {year}.",
            remedy=Text(zh="请改写 year，或补上记录。", en="Name another year, or add its record."),
            expected=year,
            found=tuple(summer.year for summer in known),
        )
    whole = [(summer, by) for summer in wanted if (by := summer.difference_c) is not None]
    outside = _outside(days)
    inputs = () if source is None else (source,)
    if not whole:
        short = _short(wanted[0], least_share) if wanted else ()
        reason = _too_short(wanted, least_share)
        return Ratio(
            HEAT_ISLAND, 0.0, 0.0, "degC", None, inputs, None, (*outside, *short), undefined=reason
        )
    summer, difference = whole[0]
    found = (
        *outside,
        *_short(summer, least_share),
        *_gaps(summer),
        *_far(days, summer),
        *_implausible(float(difference)),
        *_passed_over(wanted[: wanted.index(summer)]),
        *_others([one for one in known if one.year != summer.year]),
    )
    sides = tuple(_side(summer, side) for side in SIDES)
    return Ratio(
        HEAT_ISLAND,
        float(difference),
        1.0,
        "degC",
        None,
        (*inputs, *sides, AVERAGED),
        None,
        found,
    )


def _side(summer: Summer, side: str) -> Source:
    counted = summer.of(side)
    mean, days = float(summer.mean_c(side) or 0), int(counted["days"].sum())
    names = ", ".join(map(str, counted.index))
    note = Text(
        zh=f"{summer.year} 年 6—8 月{SIDE_NAMES[side].zh}日最高气温平均 {mean:.2f} °C：{names}，"
        f"共 {days} 站日",
        en=f"mean daily maximum of June to August {summer.year}, {SIDE_NAMES[side].en}: "
        f"{mean:.2f} °C; {names}; {days} station days",
    )
    return Source(role=f"stations {side}", name=f"{side}: {len(counted)}", note=note)


def _too_short(wanted: Sequence[Summer], least_share: float) -> Text:
    least = ceil(least_share * SUMMER_DAYS - 1e-9)
    years = ", ".join(str(summer.year) for summer in wanted) or "—"
    return Text(
        zh=f"没有一个夏季（{years}）两侧都有不少于 {least} 天记录的气象站。",
        en=f"In no summer ({years}) has each side a station with at least {least} of the "
        f"{SUMMER_DAYS} days.",
    )


def _outside(days: pd.DataFrame) -> tuple[Finding, ...]:
    count = int((~days["date"].dt.month.isin(SUMMER_MONTHS)).sum())
    if not count:
        return ()
    text = Text(
        zh=f"有 {count} 行不在 6—8 月，不参与计算。",
        en=f"Rows outside June to August, not used: {count}.",
    )
    return (_finding("out_of_summer", text, count=count),)


def _short(summer: Summer, least_share: float) -> tuple[Finding, ...]:
    table = summer.stations[~summer.stations["counted"]]
    if table.empty:
        return ()
    least = ceil(least_share * SUMMER_DAYS - 1e-9)
    told = ", ".join(f"{name} ({days})" for name, days in table["days"].items())
    text = Text(
        zh=f"{summer.year} 年夏季记录不足 {least} 天（92 天的 {least_share:.0%}，本软件的取值）的站点"
        f"未采用：{told}。",
        en=f"Stations with fewer than {least} days of the summer of {summer.year} ({least_share:.0%} "
        f"of 92, a choice of this software), left out: {told}.",
    )
    return (
        _finding(
            "station_too_short", text, severity="warning", rows=tuple(table.index), count=len(table)
        ),
    )


def _gaps(summer: Summer) -> tuple[Finding, ...]:
    counted = summer.stations[summer.stations["counted"]]
    count = int(counted["missing"].sum())
    if not count:
        return ()
    of = len(counted) * SUMMER_DAYS
    text = Text(
        zh=f"采用的站点在 {summer.year} 年夏季的 {of} 个站日中缺 {count} 个。",
        en=f"Days that the counted stations lack in the summer of {summer.year}: {count} of {of}.",
    )
    return (_finding("days_missing", text, count=count),)


def _far(days: pd.DataFrame, summer: Summer) -> tuple[Finding, ...]:
    counted = summer.stations.index[summer.stations["counted"]]
    date = days["date"].dt
    rows = days[
        (date.year == summer.year) & date.month.isin(SUMMER_MONTHS) & days["station"].isin(counted)
    ]
    middle = rows.groupby("station")["tmax_c"].transform("median")
    far = rows[(rows["tmax_c"] - middle).abs() > FAR_C]
    if far.empty:
        return ()
    names = [f"{row.station} {row.date:%Y-%m-%d}" for row in far.itertuples()]
    first = f"{names[0]}: {far['tmax_c'].iloc[0]:g} °C"
    text = Text(
        zh=f"有 {len(far)} 个日最高气温与本站当年夏季中位数相差超过 {FAR_C} °C（本软件的取值），例如 {first}。"
        "均已照用；若是缺测代码或误录，请改正或留空。",
        en=f"Daily maxima more than {FAR_C} °C from the median of their station's summer (a choice of "
        f"this software): {len(far)}, such as {first}. They are used as they are: correct them, or "
        "leave empty what was not measured.",
    )
    return (
        _finding("far_from_median", text, severity="warning", rows=tuple(names), count=len(far)),
    )


def _implausible(difference: float) -> tuple[Finding, ...]:
    if abs(difference) <= MOST_C:
        return ()
    text = Text(
        zh=f"城郊相差 {difference:+.2f} °C，超过 {MOST_C} °C，不合常理：请核对单位、站点和缺测代码。",
        en=f"City and hinterland differ by {difference:+.2f} °C, more than {MOST_C}, which no city "
        "is known for: check units, stations, and codes for what was not measured.",
    )
    return (_finding("heat_implausible", text, severity="warning"),)


def _passed_over(newer: Sequence[Summer]) -> tuple[Finding, ...]:
    if not newer:
        return ()
    years = ", ".join(str(summer.year) for summer in newer)
    text = Text(
        zh=f"{years} 年夏季两侧记录不全，未评。",
        en=f"The summers of {years} are too short on one side or both, and were passed over.",
    )
    return (_finding("summer_too_short", text, severity="warning", rows=(years,)),)


def _others(rest: Sequence[Summer]) -> tuple[Finding, ...]:
    told = [(one.year, float(by)) for one in rest if (by := one.difference_c) is not None]
    if not told:
        return ()
    listed = ", ".join(f"{year}: {value:+.2f} °C" for year, value in told)
    text = Text(
        zh=f"其他年份的热岛强度（不参与评定）：{listed}。",
        en=f"Heat island of other summers, not judged: {listed}.",
    )
    return (_finding("other_summers", text, count=len(told)),)


def _finding(code: str, text: Text, **facts: Any) -> Finding:
    return Finding(code=code, text=text, layer="stations", indicators=(HEAT_ISLAND,), **facts)


def _is(value: object, kind: type) -> bool:
    return isinstance(value, kind) and not isinstance(value, bool)
