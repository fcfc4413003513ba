"""Inspections: the rounds in which communities rate their own green, and when.

Question   Which community was rated how, and on which day?
Enters     A table of one row a community and round, as a file or a frame.
Leaves     One row each (community, date, rating), in order of days; or a refusal with its rows.
Elsewhere  The sheet of a community: communities. Tables of text: read/csv_table.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from greenspace.errors import ColumnError
from greenspace.model.names import name_of
from greenspace.model.source import Finding, finding_of
from greenspace.model.words import Text
from greenspace.read.csv_columns import plain
from greenspace.read.csv_table import read_text_table, require_text_table
from greenspace.read.station_cells import days_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from greenspace.read.desk import Desk
    from greenspace.read.manifest import Manifest

NAMES: dict[str, set[str]] = {
    "community": {"community", "communityname", "name", "社区", "社区名称", "名称"},
    "date": {"date", "day", "日期", "检查日期", "自查日期", "评定日期"},
    "rating": {"rating", "grade", "result", "score", "评级", "等级", "结果", "评定", "得分"},
}
SAID = {
    "inspection_again": Text(
        zh="{count} 行自查记录与另一行完全相同，只计一次。",
        en="Inspections that repeat another row, counted once: {count}.",
    ),
    "inspection_differs": Text(
        zh="{count} 行自查记录为同一社区同一天而评级不同，并为一次，评级都列出。",
        en="Inspections of one community and day that differ in their rating, taken for one with "
        "both: {count}.",
    ),
    "inspection_ahead": Text(
        zh="{count} 行自查记录的日期在今天之后，请核对。",
        en="Inspections dated after today, to be checked: {count}.",
    ),
}
NAME_COLUMNS = Text(
    zh='请写明字段：columns = { community = "社区", date = "日期", rating = "评级" }。',
    en='Name them: columns = { community = "…", date = "…", rating = "…" }.',
)


def find_inspections(desk: Desk, manifest: Manifest) -> pd.DataFrame | None:
    """Return the inspections that a manifest names, ``None`` where it names none.

    Cells that cannot be read cost the check its inspections and nothing else.

    Raises
    ------
    InputError
        As `read_inspections`.
    """
    table = manifest.inspections
    if table is None:
        return None
    path = desk.find(table.lists, "inspections")
    try:
        rows, findings = read_inspections(path, table.columns, encoding=table.encoding)
    except ColumnError as error:
        if not error.rows:
            raise
        told = replace(finding_of(error), severity="warning", layer="inspections")
        desk.findings.append(told)
        return None
    desk.keep(path, "inspections")
    desk.findings.extend(findings)
    return rows


def read_inspections(
    path: Path | str, columns: Mapping[str, str] | None = None, *, encoding: str | None = None
) -> tuple[pd.DataFrame, tuple[Finding, ...]]:
    """Read a table of inspections from a file of text.

    Raises
    ------
    InputError
        The file is no table of text.
    ColumnError
        A column is not there, a community is not named, or a date cannot be read.
    """
    file = require_text_table(
        path, Text(zh="自查记录应为文本表格。", en="Inspections are read from a table of text.")
    )
    table = read_text_table(file, encoding)
    rows, findings = inspections_of(table.rows, columns, file=file)
    return rows, (*table.findings, *findings)


def inspections_of(
    table: pd.DataFrame, columns: Mapping[str, str] | None = None, *, file: Path | None = None
) -> tuple[pd.DataFrame, tuple[Finding, ...]]:
    """Return a table of inspections with every cell understood, the earliest first.

    A row that stands there again counts once; ratings of one community and day that differ are
    one inspection with both. Either is told, and so are days to come.

    Raises
    ------
    ColumnError
        As `read_inspections`.

    Examples
    --------
    >>> rows = pd.DataFrame({"社区": ["甲", "甲"], "日期": ["2026-06-01", "2025-06-01"],
    ...                      "评级": ["优", "良"]})
    >>> inspections_of(rows)[0]["rating"].tolist()
    ['良', '优']
    """
    roles = {role: _column(table, role, (columns or {}).get(role), file) for role in NAMES}
    names = table[roles["community"]].map(name_of)
    ratings = table[roles["rating"]].map(name_of)
    blank = (names == "") & (ratings == "")
    names, ratings = names[~blank], ratings[~blank]
    _require_words(names, roles["community"], file)
    _require_words(ratings, roles["rating"], file)
    days = days_of(table[roles["date"]][~blank], roles["date"], file)
    rows = pd.DataFrame({"community": names, "date": days, "rating": ratings})
    again = rows.duplicated()
    once = rows[~again]
    differ = once.duplicated(["community", "date"], keep=False)
    ahead = once["date"].dt.date > dt.datetime.now().astimezone().date()
    told = (
        _finding("inspection_again", again),
        _finding("inspection_differs", differ),
        _finding("inspection_ahead", ahead),
    )
    ratings = once.groupby(["community", "date"], sort=False)["rating"].agg("/".join)
    joined = pd.DataFrame(ratings).reset_index().sort_values("date", kind="stable")
    return joined.reset_index(drop=True), tuple(finding for finding in told if finding.count)


def _finding(code: str, rows: pd.Series) -> Finding:
    count, text = int(rows.sum()), SAID[code]
    return Finding(
        code=code,
        text=Text(zh=text.zh.format(count=count), en=text.en.format(count=count)),
        severity="warning",
        layer="inspections",
        rows=tuple(rows.index[rows]),
        count=count,
    )


def _column(table: pd.DataFrame, role: str, asked: str | None, file: Path | None) -> str:
    names = [str(name) for name in table.columns]
    found = [name for name in names if (name == asked if asked else plain(name) in NAMES[role])]
    if len(found) == 1:
        return found[0]
    zh = f"{role} 对应不止一列：{'、'.join(found)}" if found else f"没有 {role} 列"
    en = f"several columns could be {role}" if found else f"no column is {role}"
    raise ColumnError(
        f"自查记录表：{zh}。",
        f"Table of inspections: {en}.",
        remedy=NAME_COLUMNS,
        file=file,
        column=asked or role,
        expected=role,
        found=tuple(found or names),
    )


def _require_words(column: pd.Series, name: str, file: Path | None) -> None:
    blank = np.array(column == "", dtype=bool)
    if blank.any():
        raise ColumnError(
            f"自查记录表有 {int(blank.sum())} 行没有填 {name}。",
            f"Rows of the table of inspections that say nothing in {name}: {int(blank.sum())}.",
            remedy=Text(zh="请补全。", en="Fill it in."),
            file=file,
            column=name,
            rows=column.index[blank],
            expected="a word",
        )
