"""Definition shape: hold a TOML table against what it should be, and name the first thing wrong.

Question   Does this file say everything a definition needs, and nothing we would ignore?
Enters     The tables that tomllib read, and the kind of table they should be.
Leaves     A pydantic table, or one refusal that names file, key, expected and found.
Elsewhere  The keys: read/definition_tables. Opening files: read/definitions.
"""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, Final, TypeVar, get_args

from pydantic import BaseModel, ConfigDict, ValidationError

from greenspace.errors import DefinitionError
from greenspace.model.words import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


KINDS: Final = {
    "string_type": Text(zh="文字", en="text"),
    "float_type": Text(zh="数", en="a number"),
    "int_type": Text(zh="整数", en="a whole number"),
    "bool_type": Text(zh=" true 或 false", en="true or false"),
    "list_type": Text(zh="列表", en="a list"),
    "dict_type": Text(zh="表", en="a table"),
    "model_type": Text(zh="表", en="a table"),
    "model_attributes_type": Text(zh="表", en="a table"),
    "date_type": Text(zh="日期", en="a date"),
}
RULES: Final = {  # what the tables themselves refuse
    "value and values exclude each other": "value 与 values 只能写其一",
    "a threshold is a finite number": "阈值应为有限的数",
    "give value or values, or [[criterion.threshold]] rows, not both": (
        "value、values 与 [[criterion.threshold]] 只能写其一"
    ),
    "a tier is [smallest park in m2, radius in m]": "每一级是 [最小公园面积 m2, 半径 m]",
}


class Table(BaseModel):
    """Nothing is converted and nothing is ignored."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


SomeTable = TypeVar("SomeTable", bound=Table)


def refusal(
    file: str,
    key: str,
    words: Text,
    *,
    expected: object = None,
    found: object = None,
    remedy: Text | None = None,
) -> DefinitionError:
    """Return the refusal of one key of a definition file, to be raised."""
    return DefinitionError(
        words.zh,
        words.en,
        file=file,
        column=key,
        expected=expected,
        found=found,
        remedy=remedy,
    )


def shape(kind: type[SomeTable], content: Mapping[str, Any], file: str) -> SomeTable:
    """Hold the content of a file against its shape.

    Raises
    ------
    DefinitionError
        A key is missing, unknown or of the wrong kind; names the first.
    """
    try:
        return kind.model_validate(dict(content))
    except ValidationError as error:
        raise _refused(kind, error.errors(include_url=False)[0], file) from None


def _refused(kind: type[Table], first: Any, file: str) -> DefinitionError:
    location = first["loc"]
    key = spell_key(location)
    if first["type"] == "missing":
        words = Text(zh="缺少必需的键。", en="A key that is needed is missing.")
        return refusal(file, key, words, expected=str(location[-1]))
    if first["type"] == "extra_forbidden":
        near = nearest(str(location[-1]), _keys(kind))
        words = Text(zh="不认识这个键。", en="This key is not known.")
        remedy = Text(zh=f"是否想写 {near[0]}？", en=f"Did you mean {near[0]}?") if near else None
        return refusal(file, key, words, expected=near, found=str(location[-1]), remedy=remedy)
    wanted, found = _wanted(first), first["input"]
    shown = "" if isinstance(found, dict) else repr(found)
    words = Text(
        zh=f"该值不可用：应为{wanted.zh}，实为 {shown}。"
        if shown
        else f"该表不可用：{wanted.zh}。",
        en=f"The value cannot be used: expected {wanted.en}, found {shown}."
        if shown
        else f"The table cannot be used: {wanted.en}.",
    )
    return refusal(file, key, words, expected=wanted.en, found=found)


def _wanted(first: Any) -> Text:
    """Return what should have stood there, in both languages."""
    choice = first.get("ctx", {}).get("expected")
    if choice:
        return Text(zh=f" {str(choice).replace(' or ', ' 或 ')}", en=str(choice))
    if first["type"] in KINDS:
        return KINDS[first["type"]]
    said = str(first["msg"]).removeprefix("Value error, ")
    return Text(zh=RULES.get(said, "另一种值"), en=said)


def _keys(kind: type[BaseModel]) -> set[str]:
    """Return the keys of a table and of every table inside it."""
    keys = set(kind.model_fields)
    for field in kind.model_fields.values():
        for part in (field.annotation, *get_args(field.annotation)):
            if isinstance(part, type) and issubclass(part, BaseModel):
                keys |= _keys(part)
    return keys


def nearest(word: str, words: Iterable[str]) -> tuple[str, ...]:
    """Return up to three known words that are spelt most like this one, best first."""
    known = {known.casefold(): known for known in words}
    close = get_close_matches(word.casefold(), known, n=3, cutoff=0.5)
    return tuple(known[match] for match in close)


def spell_key(location: tuple[str | int, ...]) -> str:
    """Spell the place in a file as a reader counts it, from one.

    Examples
    --------
    >>> spell_key(("criterion", 2, "operator"))
    'criterion[3].operator'
    """
    spelt = ""
    for part in location:
        spelt += f"[{part + 1}]" if isinstance(part, int) else f".{part}" if spelt else part
    return spelt or "the whole file"
