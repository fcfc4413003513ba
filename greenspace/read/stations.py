"""Stations: daily maxima of air temperature, and which stations stand in the city.

Question   How warm did each day get at each station, and on which side does the station count?
Enters     A table of one row a station and day, as a file or a frame.
Leaves     One row a station and day (station, zone, date, tmax_c), or a refusal with its rows.
Elsewhere  Means and their difference: measure/heat. Tables of text: read/csv_table.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from greenspace.errors import ColumnError, InputError
from greenspace.model.names import name_of
from greenspace.model.source import Finding
from greenspace.model.words import Text
from greenspace.read.csv_columns import plain
from greenspace.read.csv_table import read_text_table, require_text_table
from greenspace.read.station_cells import days_of, temperatures_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    Days = tuple[pd.DataFrame, tuple[Finding, ...]]

INDICATOR = ("heat_island",)
NAMES: dict[str, set[str]] = {
    "station": {"station", "stationid", "stationname", "站点", "站名", "站号", "区站号", "台站"},
    "date": {"date", "day", "日期", "观测日期", "资料日期"},
    "tmax": {
        *("tmax", "tmaxc", "maxtemp", "tasmax", "temperaturemax"),
        *("最高气温", "日最高气温", "最高温度", "日最高温度"),
    },
    "zone": {"zone", "kind", "side", "城郊", "类型", "站类", "位置"},
}
SIDES = {
    **dict.fromkeys(("urban", "city", "城区", "市区", "城市", "城内"), "urban"),
    **dict.fromkeys(("hinterland", "rural", "suburb", "suburban", "countryside"), "hinterland"),
    **dict.fromkeys(("郊区", "乡村", "农村", "腹地", "郊县", "城郊"), "hinterland"),
}
NAME_COLUMNS = Text(
    zh='请写明字段：columns = { station = "站名", date = "日期", tmax = "最高气温", zone = "城郊" }。',
    en='Name them: columns = { station = "…", date = "…", tmax = "…", zone = "…" }.',
)
NAME_SIDES = Text(
    zh='请加一列写 urban/hinterland（城区/郊区），或写 urban = ["…"]、hinterland = ["…"]。',
    en='Add a column of urban and hinterland, or write urban = ["…"] and hinterland = ["…"].',
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """What the user says of a table of stations: columns by role, and stations by side."""

    columns: Mapping[str, str] = field(default_factory=dict)
    urban: tuple[str, ...] = ()
    hinterland: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse half a list, a station on both sides, and roles that there are not."""
        unknown = [role for role in self.columns if role not in NAMES]
        if unknown:
            raise ColumnError(
                f"columns 中没有 {unknown[0]} 这个角色，可用：{'、'.join(NAMES)}。",
                f"There is no role {unknown[0]} in columns; there are {', '.join(NAMES)}.",
                remedy=NAME_COLUMNS,
                expected=tuple(NAMES),
                found=unknown[0],
            )
        both = sorted(set(self.urban) & set(self.hinterland))
        if both or bool(self.urban) != bool(self.hinterland):
            zh = f"站点 {both[0]} 两侧都有" if both else "urban 和 hinterland 只写了一个"
            en = f"the station {both[0]} is in both" if both else "only one of the two is given"
            raise InputError(
                f"urban 与 hinterland 不明确：{zh}。",
                f"urban and hinterland are not clear: {en}.",
                remedy=NAME_SIDES,
                expected=("urban", "hinterland"),
                found=tuple(both),
            )


def read_stations(path: Path | str, layout: Layout, *, encoding: str | None = None) -> Days:
    """Read a table of stations from a file of text.

    Raises
    ------
    InputError
        The file is no table of text, or no side has a station.
    ColumnError
        A column is not there, not plain, or holds what it should not.
    EncodingError
        The text cannot be decoded.
    """
    file = require_text_table(
        path,
        Text(
            zh="气象站记录应为文本表格。",
            en="The records of stations are read from a table of text.",
        ),
    )
    table = read_text_table(file, encoding)
    rows, findings = stations_of(table.rows, layout, file=file, doubled=table.doubled)
    told = (replace(item, layer="stations", indicators=INDICATOR) for item in table.findings)
    return rows, (*told, *findings)


def stations_of(
    table: pd.DataFrame,
    layout: Layout,
    *,
    file: Path | None = None,
    doubled: Sequence[str] = (),
) -> Days:
    """Return a table of stations, each day once, with every cell understood, and what was noticed.

    Raises
    ------
    ColumnError, InputError
        As `read_stations`.
    """
    roles = _roles(table, layout, file, doubled)
    table, blank = _without_blank(table)
    if table.empty:
        raise InputError(
            "气象站表没有行。",
            "The table of stations has no rows.",
            remedy=Text(zh="每站每日一行。", en="One row a station and day."),
            file=file,
        )
    stations = _stations(table[roles["station"]], roles["station"], file)
    frame = pd.DataFrame(
        {
            "station": stations.to_numpy(),
            "date": days_of(table[roles["date"]], roles["date"], file).to_numpy(),
            "tmax_c": temperatures_of(table[roles["tmax"]], roles["tmax"], file).to_numpy(),
        }
    )
    frame.index = table.index
    frame, out = _with_sides(frame, table, roles, layout, file)
    frame, doubles = _once(frame, file)
    return frame.reset_index(drop=True), (*blank, *out, *doubles)


def _without_blank(table: pd.DataFrame) -> Days:
    """Return the rows in which something is written, as spreadsheets add others at the end."""
    cells = table.itertuples(index=False, name=None)
    blank = np.array([not any(map(name_of, row)) for row in cells], dtype=bool)
    count = int(blank.sum())
    if not count:
        return table, ()
    text = Text(zh=f"有 {count} 个空行，已略去。", en=f"Rows without a word, left out: {count}.")
    rows = tuple(table.index[blank])
    return table[~blank], (_finding("rows_blank", text, rows=rows, count=count),)


def _roles(
    table: pd.DataFrame, layout: Layout, file: Path | None, doubled: Sequence[str]
) -> dict[str, str]:
    names = [str(name) for name in table.columns]
    roles = {}
    for role, known in NAMES.items():
        asked = layout.columns.get(role)
        found = [name for name in names if (name == asked if asked else plain(name) in known)]
        if role == "zone" and layout.urban and not asked and len(found) != 1:
            continue
        if len(found) != 1 or found[0] in doubled:
            raise _unclear(role, asked, found, names, file)
        roles[role] = found[0]
    return roles


def _unclear(
    role: str, asked: str | None, found: list[str], names: list[str], file: Path | None
) -> ColumnError:
    if found:
        zh, en = f"{role} 对应不止一列：{'、'.join(found)}", f"several columns could be {role}"
    else:
        zh = f"没有 {role} 列" + (f"（{asked}）" if asked else "")
        en = f"no column is {role}" + (f" ({asked})" if asked else "")
    both = role == "zone" and not asked
    return ColumnError(
        f"气象站表：{zh}。",
        f"Table of stations: {en}.",
        remedy=NAME_SIDES if both else NAME_COLUMNS,
        file=file,
        column=asked or role,
        expected=role,
        found=tuple(found or names),
    )


def _stations(column: pd.Series, name: str, file: Path | None) -> pd.Series:
    words = column.map(name_of)
    blank = words == ""
    if blank.any():
        raise ColumnError(
            f"有 {int(blank.sum())} 行没有站名。",
            f"Rows without a station: {int(blank.sum())}.",
            remedy=Text(zh="请补上站名。", en="Fill in the station."),
            file=file,
            column=name,
            rows=column.index[blank],
            expected="a name",
        )
    return words


def _with_sides(
    frame: pd.DataFrame,
    table: pd.DataFrame,
    roles: Mapping[str, str],
    layout: Layout,
    file: Path | None,
) -> tuple[pd.DataFrame, tuple[Finding, ...]]:
    if layout.urban:
        sides = dict.fromkeys(layout.urban, "urban")
        sides |= dict.fromkeys(layout.hinterland, "hinterland")
        _require_listed(sides, frame["station"], file)
        frame = frame.assign(zone=frame["station"].map(sides))
        out = frame["zone"].isna()
        if "zone" in roles:
            _require_agreeing(frame[~out], table[roles["zone"]], roles["zone"], file)
        return frame[~out], _left_out(frame["station"][out])
    frame = frame.assign(zone=_sides(table[roles["zone"]], roles["zone"], file))
    _require_one_side(frame, roles["zone"], file)
    lacking = [side for side in ("urban", "hinterland") if not (frame["zone"] == side).any()]
    if lacking:
        words = {
            "urban": Text(zh="城区", en="urban"),
            "hinterland": Text(zh="郊区", en="hinterland"),
        }
        raise InputError(
            f"没有{words[lacking[0]].zh}气象站，无法相减。",
            f"There is no {words[lacking[0]].en} station: nothing to subtract.",
            remedy=NAME_SIDES,
            file=file,
            column=roles["zone"],
            expected=("urban", "hinterland"),
            found=tuple(frame["zone"].unique()),
        )
    return frame, ()


def _require_listed(sides: Mapping[str, str], stations: pd.Series, file: Path | None) -> None:
    unknown = [name for name in sides if not (stations == name).any()]
    if unknown:
        raise InputError(
            f"表中没有站点 {unknown[0]}。",
            f"The table has no station {unknown[0]}.",
            remedy=Text(zh="请核对站名。", en="Check the name."),
            file=file,
            expected=unknown[0],
            found=tuple(stations.unique()[:20]),
        )


def _require_agreeing(frame: pd.DataFrame, column: pd.Series, name: str, file: Path | None) -> None:
    """Refuse lists of stations that a column of sides gainsays; other words are none of theirs."""
    written = column[frame.index].map(lambda word: SIDES.get(plain(name_of(word))))
    torn = written.notna() & (written != frame["zone"])
    if torn.any():
        station = frame["station"][torn].iloc[0]
        raise InputError(
            f"站点 {station} 在列表中与在 {name} 列中不是同一侧。",
            f"The station {station} is on one side in the lists and on the other in {name}.",
            remedy=Text(
                zh=f"请改正其一；若以列表为准，请去掉 {name} 列。",
                en=f"Correct one of them; where the lists are right, leave out {name}.",
            ),
            file=file,
            column=name,
            rows=frame.index[torn],
            expected=frame["zone"][torn].iloc[0],
            found=written[torn].iloc[0],
        )


def _left_out(stations: pd.Series) -> tuple[Finding, ...]:
    if stations.empty:
        return ()
    names = tuple(stations.unique())
    text = Text(
        zh=f"{len(names)} 个站点两侧都没有列出，未采用。",
        en=f"Stations that neither side lists, left out: {len(names)}.",
    )
    return (_finding("station_left_out", text, rows=names, count=len(names)),)


def _sides(column: pd.Series, name: str, file: Path | None) -> pd.Series:
    words = column.map(name_of)
    sides = words.map(lambda word: SIDES.get(plain(word)))
    wrong = sides.isna()
    if wrong.any():
        first = words[wrong].iloc[0]
        raise ColumnError(
            f"不知 {first!r} 是城区还是郊区。",
            f"Whether {first!r} is urban or hinterland is not known.",
            remedy=NAME_SIDES,
            file=file,
            column=name,
            rows=column.index[wrong],
            expected=("urban", "hinterland"),
            found=first,
        )
    return sides


def _require_one_side(frame: pd.DataFrame, column: str, file: Path | None) -> None:
    torn = frame.groupby("station")["zone"].transform("nunique") > 1
    if torn.any():
        station = frame["station"][torn].iloc[0]
        raise ColumnError(
            f"站点 {station} 时而属城区、时而属郊区。",
            f"The station {station} is urban in some rows and hinterland in others.",
            remedy=Text(
                zh="请核对；若站址迁移，请用不同的站名。",
                en="Check it; if the station moved, give it two names.",
            ),
            file=file,
            column=column,
            rows=frame.index[torn],
            found=station,
        )


def _once(frame: pd.DataFrame, file: Path | None) -> tuple[pd.DataFrame, tuple[Finding, ...]]:
    """Return each station and day once; a day that contradicts itself is refused."""
    key = ["station", "date"]
    told = frame.dropna(subset=["tmax_c"])
    torn = told[told.groupby(key)["tmax_c"].transform("nunique") > 1]
    if len(torn):
        station, date = torn[key].iloc[0]
        raise InputError(
            f"站点 {station} 在 {date:%Y-%m-%d} 有不同的最高气温。",
            f"The station {station} has different maxima for {date:%Y-%m-%d}.",
            remedy=Text(
                zh="每站每日应只有一行日最高气温；逐时记录请先取每日最大值。",
                en="One row a station and day: of hourly records, take each day's maximum first.",
            ),
            file=file,
            rows=torn.index,
            expected="one maximum a station and day",
            found=tuple(torn["tmax_c"].iloc[:2]),
        )
    ordered = frame.sort_values("tmax_c", kind="stable", na_position="last")
    again = ordered.duplicated(key).reindex(frame.index)
    count = int(again.sum())
    if not count:
        return frame, ()
    text = Text(
        zh=f"有 {count} 行重复同一站同一日，已只取一次。",
        en=f"Rows that repeat a station and day, taken once: {count}.",
    )
    rows = tuple(frame.index[again])
    found = _finding("station_day_repeated", text, severity="warning", rows=rows, count=count)
    return frame[~again], (found,)


def _finding(code: str, text: Text, **facts: Any) -> Finding:
    return Finding(code=code, text=text, layer="stations", indicators=INDICATOR, **facts)
