"""Checklist: the steps of the application, with days and with what this check has done.

Question   What is due when, what is done, and what is still missing?
Enters     A Scope.
Leaves     One ledger; days only where a source prints them.
Elsewhere  Steps and days: definitions/application.toml by read/application.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final

import pandas as pd

from greenspace.model.gauged import Gauged
from greenspace.model.layers import LAYERS
from greenspace.model.ledger import Column, Ledger
from greenspace.model.words import Text
from greenspace.read.application import read_application

if TYPE_CHECKING:
    from greenspace.model.application import Due, Step
    from greenspace.model.city import City
    from greenspace.scope import Scope

MARKS: Final = {
    "verified": Text(zh="已核对", en="verified"),
    "weak": Text(zh="弱来源", en="weak source"),
    "provisional": Text(zh="暂定", en="provisional"),
    "user": Text(zh="用户录入", en="entered by the user"),
}
COLUMNS: Final = (
    Column("step", Text(zh="步骤", en="step")),
    Column("content", Text(zh="内容", en="content")),
    Column("due", Text(zh="截止日期", en="due"), "date"),
    Column("rule", Text(zh="日期规定", en="rule of the date")),
    Column("state", Text(zh="状态", en="state")),
    Column("mark", Text(zh="依据", en="mark")),
    Column("source", Text(zh="出处", en="source")),
)
IMAGE: Final = Text(zh="影像", en="image")
NO_RULE: Final = Text(zh="未见载明", en="none was read")
BY_OFFICE: Final = Text(zh="由申报单位办理", en="for the office to do")
BY_AUTHORITY: Final = Text(zh="由主管部门安排", en="for the authority to arrange")
WRITTEN: Final = Text(
    zh="已由本次核查生成，待校核、审核", en="written with this check; to be checked and approved"
)


def gauge_checklist(scope: Scope) -> Gauged:
    """Return the checklist of the application as a ledger."""
    known, standard, city = read_application(), scope.profile.id, scope.city
    cycle = known.cycle(standard)
    year = None if city.date is None else known.first_year(standard, city.date)
    rows = [_row(step, due, year, city) for step, due in known.steps_of(standard)]
    note = cycle.note
    if city.date is not None and year is not None:
        note = Text(
            zh=f"{note.zh}按数据日期 {city.date.isoformat()} 推算：{year} 年申报，{year + 1} 年评审。",
            en=f"{note.en} From the date of the data, {city.date.isoformat()}: application in {year}, "
            f"review in {year + 1}.",
        )
    frame = pd.DataFrame(rows, columns=[column.key for column in COLUMNS], dtype=object)
    title = Text(zh="申报日程", en="steps of the application")
    return Gauged(ledgers=(Ledger("checklist", title, COLUMNS, frame, note),))


def _row(step: Step, due: Due | None, year: int | None, city: City) -> dict[str, object]:
    mark = step.mark if due is None else due.mark
    cited = step.source if due is None else due.source
    return {
        "step": step.title,
        "content": step.content,
        "due": _day(due, year),
        "rule": NO_RULE if due is None else _rule(due),
        "state": _state(step, city),
        "mark": None if mark is None else MARKS[mark],
        "source": None if cited is None else cited.address,
    }


def _day(due: Due | None, year: int | None) -> date | None:
    if due is None or year is None:
        return None
    return date(year + (due.year == "review"), due.month, due.day)


def _rule(due: Due) -> Text:
    when = {
        "application": Text(zh="申报年", en="of the year of application"),
        "review": Text(zh="评审年", en="of the year of review"),
    }[due.year]
    return Text(
        zh=f"{when.zh} {due.month} 月 {due.day} 日前",
        en=f"by {due.month:02d}-{due.day:02d} {when.en}",
    )


def _state(step: Step, city: City) -> Text:
    if step.done_by == "check":
        day = Text(zh="未注明", en="not given")
        if city.date is not None:
            day = Text(zh=city.date.isoformat(), en=city.date.isoformat())
        return Text(
            zh=f"已由本次核查完成（数据日期：{day.zh}）",
            en=f"done with this check (date of data: {day.en})",
        )
    if step.done_by == "layers":
        return _layers(step, city)
    return {"report": WRITTEN, "office": BY_OFFICE}.get(step.done_by, BY_AUTHORITY)


def _layers(step: Step, city: City) -> Text:
    """Return which inputs of the base data the manifest lacks."""
    there = {*city.layers, *(["image"] if city.images else [])}
    missing = [
        IMAGE if name == "image" else LAYERS[name].title for name in step.needs if name not in there
    ]
    if not missing:
        return Text(zh="清单中已齐备", en="all of it is in the manifest")
    return Text(
        zh=f"清单中缺少：{'、'.join(text.zh for text in missing)}",
        en=f"the manifest lacks: {', '.join(text.en for text in missing)}",
    )
