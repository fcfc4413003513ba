"""Definition rules: what must hold between the rows of a profile.

Question   Can this profile be judged by: known indicators, right units, every number with its mark?
Enters     A profile as its file says it, and the indicator cards.
Leaves     The profile, or one refusal.
Elsewhere  The shape of the file: read/definition_tables. Laying a file over another: read/definition_overlay.
"""

from __future__ import annotations

from collections import Counter
from math import inf
from typing import TYPE_CHECKING

from greenspace.errors import InputError
from greenspace.model.tiers import require_tiers
from greenspace.model.words import Text
from greenspace.read.definition_parameters import require_parameters
from greenspace.read.definition_shape import nearest, refusal

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from greenspace.errors import DefinitionError
    from greenspace.model.definition import Criterion, Indicator, Profile, Threshold
    from greenspace.read.definition_tables import NumberTable, OverlayRow, SourceTable

MOST_READINGS = 2
LOWER, UPPER = (">=", ">"), ("<=", "<")


def require_sound(profile: Profile, indicators: Mapping[str, Indicator], file: str) -> Profile:
    """Return the profile when all its rows can be judged.

    Raises
    ------
    DefinitionError
        Names the row and what is wrong with it.
    """
    if not profile.levels or set(profile.levels) != set(profile.level_names):
        words = Text(
            zh="每一级都要有名称，且只有这些级有名称。",
            en="Each level needs a name, and no other has one.",
        )
        raise refusal(
            file, "level_names", words, expected=profile.levels, found=tuple(profile.level_names)
        )
    seen: set[tuple[str, str]] = set()
    for row in profile.criteria:
        _require_place(row, profile, indicators, file)
        if (row.indicator, row.level) in seen:
            raise _twice(_key(row), file)
        seen.add((row.indicator, row.level))
        _require_direction(row, indicators[row.indicator], file)
        _require_numbers(row, indicators[row.indicator], file)
        _require_tiers(row, file)
        require_parameters(row, file)
    return profile


def require_written(
    rows: Sequence[OverlayRow], indicators: Mapping[str, Indicator], file: str
) -> None:
    """Refuse rows of a file that stand there twice, or whose unit is not the indicator's.

    Raises
    ------
    DefinitionError
        Names the row.
    """
    places = Counter((row.indicator, row.level) for row in rows)
    for row in rows:
        if places[row.indicator, row.level] > 1:
            raise _twice(_key(row), file)
        card = indicators.get(row.indicator)
        if row.unit is not None and card is not None and row.unit != card.unit:
            words = Text(
                zh=f"{row.indicator} 的单位是 {card.unit}，不是 {row.unit}。",
                en=f"{row.indicator} is measured in {card.unit}, not in {row.unit}.",
            )
            remedy = Text(
                zh="请换算数值；比例写作 0—1，如 0.36。",
                en="Convert the number; a share is written from 0 to 1, such as 0.36.",
            )
            raise refusal(
                file,
                f"{_key(row)}.unit",
                words,
                expected=card.unit,
                found=row.unit,
                remedy=remedy,
            )


def _twice(key: str, file: str) -> DefinitionError:
    words = Text(zh="同一指标在同一级出现了两次。", en="The level has this indicator twice.")
    return refusal(file, key, words, expected="one row", found="two rows")


def _key(row: Criterion | OverlayRow) -> str:
    return f"criterion {row.indicator}/{row.level}"


def _require_place(
    row: Criterion, profile: Profile, indicators: Mapping[str, Indicator], file: str
) -> None:
    for key, found, known in (
        ("indicator", row.indicator, tuple(indicators)),
        ("level", row.level, profile.levels),
    ):
        if found in known:
            continue
        near = nearest(found, known) or (known if key == "level" else ())
        words = Text(zh=f"没有“{found}”这个{key}。", en=f"There is no {key} '{found}'.")
        remedy = Text(zh=f"最接近：{'、'.join(near)}。", en=f"The nearest: {', '.join(near)}.")
        raise refusal(
            file,
            f"{_key(row)}.{key}",
            words,
            expected=near,
            found=found,
            remedy=remedy if near else None,
        )


def _require_direction(row: Criterion, card: Indicator, file: str) -> None:
    wanted = (">=", ">") if card.better == "higher" else ("<=", "<")
    if row.operator not in wanted:
        words = Text(
            zh=f"比较方向与指标相反：应为 {' 或 '.join(wanted)}。",
            en=f"The comparison runs against the indicator: expected {' or '.join(wanted)}.",
        )
        raise refusal(file, f"{_key(row)}.operator", words, expected=wanted, found=row.operator)


def _require_numbers(row: Criterion, card: Indicator, file: str) -> None:
    if not row.thresholds:
        words = Text(
            zh="缺少数值；未知的数值写 values = [] 并加 note。",
            en="The number is missing; an unknown one is values = [] with a note.",
        )
        raise refusal(file, f"{_key(row)}.value", words, expected="value, values or threshold")
    if row.tiers is not None and row.tiers_mark is None:
        words = Text(zh="分级缺少标记。", en="The tiers have no mark.")
        raise refusal(file, f"{_key(row)}.tiers_mark", words, expected="a mark")
    for threshold in row.thresholds:
        _require_number(row, threshold, card, file)
    if any(not threshold.when for threshold in row.thresholds[:-1]):
        words = Text(
            zh="没有 when 的一行适用于所有城市，其后的都不会用到。",
            en="A row without when is meant for every city: those below it never apply.",
        )
        raise refusal(file, f"{_key(row)}.threshold", words, expected="last", found="when = {}")


def _require_number(row: Criterion, threshold: Threshold, card: Indicator, file: str) -> None:
    values = threshold.values
    if len(values) > MOST_READINGS:
        words = Text(zh="最多两个数值。", en="There are two readings at most.")
        raise refusal(file, f"{_key(row)}.values", words, expected="0 to 2 numbers", found=values)
    if values and threshold.mark is None:
        words = Text(zh="数值缺少标记。", en="The number has no mark.")
        raise refusal(file, f"{_key(row)}.mark", words, expected="a mark", found=None)
    if not values and threshold.mark is not None:
        words = Text(zh="没有数值就没有标记。", en="Where there is no number there is no mark.")
        raise refusal(file, f"{_key(row)}.mark", words, expected=None, found=threshold.mark)
    if not values and threshold.note is None and row.note is None:
        words = Text(zh="未知的数值要有说明。", en="An unknown number needs a note.")
        raise refusal(file, f"{_key(row)}.note", words, expected="a note", found=None)
    if card.unit == "1" and any(not 0 <= value <= 1 for value in values):
        words = Text(
            zh=f"{row.indicator} 是 0—1 的比例，实为 {values}。",
            en=f"{row.indicator} is a share from 0 to 1, found {values}.",
        )
        remedy = Text(zh="36% 请写作 0.36。", en="Write 36 % as 0.36.")
        raise refusal(
            file, f"{_key(row)}.value", words, expected="0 to 1", found=values, remedy=remedy
        )
    for value in values:
        _require_range(row, value, card, file)
    _require_cities(row, threshold, file)


def _require_cities(row: Criterion, threshold: Threshold, file: str) -> None:
    """Refuse conditions that no city can meet together, or only a number that is none."""
    for fact in {condition.fact for condition in threshold.when} - {"region"}:
        found = [(item.operator, float(item.value)) for item in threshold.when if item.fact == fact]
        low = max((value, sign == ">") for sign, value in [*found, (">=", 0.0)] if sign in LOWER)
        high = min((value, sign != "<") for sign, value in [*found, ("<=", inf)] if sign in UPPER)
        if low[0] > high[0] or (low[0] == high[0] and (low[1] or not high[1])):
            words = Text(
                zh="没有城市能同时满足这些条件。", en="No city meets these conditions together."
            )
            said = ", ".join(f"{fact} {sign} {value:g}" for sign, value in found)
            raise refusal(
                file, f"{_key(row)}.threshold.when", words, expected="min < max", found=said
            )


def _require_range(row: Criterion, value: float, card: Indicator, file: str) -> None:
    low, high = card.least, card.most
    if (low is not None and value < low) or (high is not None and value > high):
        words = Text(
            zh=f"{row.indicator} 只能在 {_end(low)} 与 {_end(high)} 之间，实为 {value:g}。",
            en=f"{row.indicator} lies between {_end(low)} and {_end(high)}, found {value:g}.",
        )
        raise refusal(file, f"{_key(row)}.value", words, expected=(low, high), found=value)


def _end(end: float | None) -> str:
    return "…" if end is None else f"{end:g}"


def _require_tiers(row: Criterion, file: str) -> None:
    if row.tiers is None:
        return
    try:
        require_tiers(row.tiers)
    except InputError as error:
        raise refusal(
            file,
            f"{_key(row)}.tiers",
            error.problem,
            expected="one radius for each least area, larger parks no lesser one",
            found=row.tiers,
            remedy=error.remedy,
        ) from None


def require_own_numbers(rows: Sequence[OverlayRow], file: str) -> None:
    """Refuse what a user enters under another mark, or with no document and page.

    Raises
    ------
    DefinitionError
        Names the row.
    """
    if not rows:
        words = Text(zh="文件没有写任何一行。", en="The file enters no row.")
        raise refusal(file, "criterion", words, expected="[[criterion]]", found="[]")
    for row in rows:
        numbers: list[NumberTable] = list(row.threshold)
        if row.numbers() is not None:
            numbers = [row]
        for number in numbers:
            if number.numbers():
                _require_user(row, "mark", number.mark or row.mark, file)
                _require_page(row, "source", number.source or row.source, file)
        if row.roles() and not numbers:
            _require_user(row, "mark", row.mark, file)
            _require_page(row, "source", row.source, file)
        if row.tiers:
            _require_user(row, "tiers_mark", row.tiers_mark, file)
            _require_page(row, "tiers_source", row.tiers_source, file)
        for item in row.parameter:
            _require_user(row, f"parameter {item.name}.mark", item.mark, file)
            _require_page(row, f"parameter {item.name}.source", item.source, file)
        _require_entry(row, numbers, file)


def _require_entry(row: OverlayRow, numbers: Sequence[NumberTable], file: str) -> None:
    """Refuse a source or a mark of something that the row does not enter."""
    entered = bool(numbers or row.roles())
    idle = [
        key
        for key, own in (
            ("source", entered),
            ("mark", entered),
            ("unit", entered),
            ("tiers_source", row.tiers),
            ("tiers_mark", row.tiers),
        )
        if key in row.model_fields_set and not own
    ]
    nothing = not (entered or row.tiers or row.parameter or row.note)
    if idle or nothing:
        words = Text(
            zh="这一行没有录入它所说明的内容。", en="The row does not enter what this speaks of."
        )
        expected = "tiers" if idle and idle[0].startswith("tiers") else "value, values, threshold"
        key = f"{_key(row)}.{idle[0]}" if idle else _key(row)
        raise refusal(file, key, words, expected=expected, found=idle[0] if idle else None)


def _require_user(row: OverlayRow, key: str, mark: str | None, file: str) -> None:
    if mark not in {None, "user"}:
        words = Text(
            zh=f"自己文件中的数值只能标 user，不能标 {mark}。",
            en=f"A number of your own file is marked user, not {mark}.",
        )
        raise refusal(file, f"{_key(row)}.{key}", words, expected="user", found=mark)


def _require_page(row: OverlayRow, key: str, source: SourceTable | None, file: str) -> None:
    if source is None or not source.is_named():
        words = Text(
            zh="自己录入的数值要写明文号和页码（或条款）。",
            en="A number of your own names its document and its page or clause.",
        )
        remedy = Text(
            zh=f'请写 {key} = {{ document = "文号", page = 12 }}。',
            en=f'Write {key} = {{ document = "number of the document", page = 12 }}.',
        )
        raise refusal(
            file,
            f"{_key(row)}.{key}",
            words,
            expected="document and page or clause",
            found=None if source is None else source.model_dump(exclude_defaults=True),
            remedy=remedy,
        )
