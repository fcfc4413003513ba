"""Keys of a manifest: which there are, which was meant, and what stands at one.

Question   Is this key known, and if its value will not do, how is that said?
Enters     Plain dictionaries from TOML, and what pydantic found.
Leaves     One ManifestError: key path, what was expected, what was found, the nearest name.
Elsewhere  The values: read/manifest. The layers' contracts: model/layers.
"""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from greenspace.errors import ManifestError
from greenspace.model.layers import LAYERS, LayerContract
from greenspace.model.words import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from pydantic import ValidationError

    Location = tuple[str | int, ...]
    Unknown = tuple[Location, ManifestError]

NAMELESS = "—"
SHOWN = 60
LONG_BITS = 1000
CONTRACT_KEYS = {"edition", "new_since", "approved"}
EXPECTED = {
    "string_type": Text(zh="引号中的文字", en="text in quotes"),
    "string_too_short": Text(zh="非空的文字", en="text that is not empty"),
    "float_type": Text(zh="一个数", en="a number"),
    "finite_number": Text(zh="一个有限的数", en="a finite number"),
    "bool_type": Text(zh="true 或 false", en="true or false"),
    "int_type": Text(zh="一个整数", en="a whole number"),
    "dict_type": Text(zh="一个表", en="a table"),
    "model_type": Text(zh="一个表", en="a table"),
    "list_type": Text(zh="列表（表用双方括号，如 [[image]]）", en="a list (tables as [[image]])"),
    "date_type": Text(zh="日期，如 2026-06-30", en="a date such as 2026-06-30"),
}


class Unfit(ValueError):  # noqa: N818 - never leaves this room: it becomes a ManifestError
    """A value that is not what its key asks for."""

    def __init__(self, expected: Text, found: object) -> None:
        super().__init__(expected.en)
        self.expected, self.found = expected, found


PLACES = ("x", "y", "wkt")  # where a table of text keeps its places


def key_of(location: Iterable[str | int]) -> str:
    """Return the path of a key as people write it, counting from one.

    Examples
    --------
    >>> key_of(("image", 0, "bands", "red"))
    'image[1].bands.red'
    """
    text = ""
    for part in location:
        text += f"[{part + 1}]" if isinstance(part, int) else f".{part}" if text else part
    return text


def wrong_value(
    key: str, expected: Text, found: object, path: Path, *, remedy: Text | None = None
) -> ManifestError:
    """Return the refusal of a value, naming its key, what it should be and what it is."""
    shown = shown_value(found)
    return ManifestError(
        f"清单的 {key} 应为{expected.zh}，写的却是 {shown}。",
        f"{key} in the manifest should be {expected.en}, but it is {shown}.",
        remedy=remedy or Text(zh=f"请更正 {key}。", en=f"Correct {key}."),
        file=path,
        layer=_layer_of(key),
        expected=expected.en,
        found=found,
    )


def shown_value(found: object) -> str:
    """Return a value for a sentence, cut where it is long."""
    if isinstance(found, int) and found.bit_length() > LONG_BITS:
        found = float("inf") if found > 0 else float("-inf")  # Python prints no longer ones
    text = f'"{found}"' if isinstance(found, str) else str(found)
    return text if len(text) <= SHOWN else text[:SHOWN] + "…"


def _layer_of(key: str) -> str | None:
    parts = key.split(".")
    return parts[1] if parts[0] == "layers" and len(parts) > 1 else None


def unknown_name(
    key: str,
    name: str,
    known: Sequence[str],
    path: Path,
    *,
    synonyms: Mapping[str, str] | None = None,
) -> ManifestError:
    """Return the refusal of a name nobody knows, with the nearest that somebody does.

    The error's ``found`` is the name, ``expected`` the suggestion or all that are known.
    """
    words = {**{word: word for word in known}, **(synonyms or {})}
    near = get_close_matches(name, words, n=1, cutoff=0.5)
    listed = ", ".join(known) or "—"
    remedy = Text(zh=f"可用的有：{listed}。", en=f"Known here: {listed}.")
    if near:
        meant = words[near[0]]
        remedy = Text(zh=f"是否指 {meant}？", en=f"Did you mean {meant}?")
    return ManifestError(
        f"清单的 {key} 不认识。",
        f"{key} in the manifest is not known.",
        remedy=remedy,
        file=path,
        layer=_layer_of(key),
        expected=words[near[0]] if near else tuple(known),
        found=name,
    )


def unknown_keys(
    data: Mapping[str, Any],
    top: Sequence[str],
    fields: Mapping[str, Sequence[str]],
    path: Path,
) -> Iterator[Unknown]:
    """Yield every table, key, layer or column role that a manifest cannot have, and its refusal."""
    yield from _unknown(data, (), top, path)
    for section, value in data.items():
        if section == "layers" and isinstance(value, dict):
            yield from _unknown_in_layers(value, fields["layers"], path)
        elif section == "image" and isinstance(value, list):
            for number, table in enumerate(value):
                yield from _unknown(table, (section, number), fields[section], path)
        elif section in fields:
            yield from _unknown(value, (section,), fields[section], path)


def _unknown(table: Any, location: Location, names: Sequence[str], path: Path) -> Iterator[Unknown]:
    for name in table if isinstance(table, dict) else ():
        if name not in names:
            place = (*location, name)
            yield place, unknown_name(key_of(place), name, names, path)


def _unknown_in_layers(
    layers: Mapping[str, Any], keys: Sequence[str], path: Path
) -> Iterator[Unknown]:
    titles = {contract.title.zh: name for name, contract in LAYERS.items()}
    for name, table in layers.items():
        if name not in LAYERS:
            error = unknown_name(f"layers.{name}", name, tuple(LAYERS), path, synonyms=titles)
            yield ("layers", name), error
            continue
        contract = LAYERS[name]
        allowed = [key for key in keys if key not in CONTRACT_KEYS or key in contract.settings]
        yield from _unknown(table, ("layers", name), allowed, path)
        if isinstance(table, dict):
            place = ("layers", name, "columns")
            yield from _unknown(table.get("columns"), place, roles_of(contract), path)


def without(data: Any, location: Location) -> Any:
    """Return a manifest without what stands at a place, or without the table that lacks it there.

    A city keeps its table, under a name that says nothing.

    Examples
    --------
    >>> without({"city": {"name": "清河", "date": 7}, "layers": {"parks": {}}}, ("city", "date"))
    {'city': {'name': '清河'}, 'layers': {'parks': {}}}
    >>> without({"city": {}, "layers": {"parks": {}}}, ("layers", "parks", "path"))
    {'city': {}, 'layers': {}}
    """
    if location[:1] == ("city",) and location[1:] in {(), ("name",)}:
        facts = data.get("city") if isinstance(data.get("city"), dict) else {}
        return {**data, "city": {**facts, "name": NAMELESS}}
    for depth in range(len(location), 0, -1):
        parent, key = _at(data, location[: depth - 1]), location[depth - 1]
        if isinstance(parent, dict) and key in parent:
            return _changed(data, location[: depth - 1], {k: parent[k] for k in parent if k != key})
        if isinstance(parent, list) and isinstance(key, int) and key < len(parent):
            return _changed(data, location[: depth - 1], [*parent[:key], *parent[key + 1 :]])
    return {"city": {"name": NAMELESS}}


def _at(data: Any, location: Location) -> Any:
    for key in location:
        known = isinstance(data, dict) and key in data
        inside = isinstance(data, list) and isinstance(key, int) and key < len(data)
        if not known and not inside:
            return None
        data = data[key]
    return data


def _changed(data: Any, location: Location, value: Any) -> Any:
    if not location:
        return value
    inner = _changed(data[location[0]], location[1:], value)
    if isinstance(data, list):
        return [inner if i == location[0] else item for i, item in enumerate(data)]
    return {**data, location[0]: inner}


def roles_of(contract: LayerContract) -> tuple[str, ...]:
    """Return the roles that columns of a layer can be mapped to."""
    return (*contract.required, *contract.optional, *PLACES)


def refusal_of(error: ValidationError, path: Path) -> ManifestError:
    """Return the first of pydantic's complaints as one sentence."""
    first = error.errors(include_url=False)[0]
    key, kind, context = key_of(first["loc"]), first["type"], first.get("ctx", {})
    if kind == "missing":
        return ManifestError(
            f"清单缺少 {key}。",
            f"The manifest lacks {key}.",
            remedy=Text(zh=f"请写上 {key}。", en=f"Add {key}."),
            file=path,
            layer=_layer_of(key),
            expected=key,
        )
    unfit = context.get("error")
    if isinstance(unfit, Unfit):
        return wrong_value(key, unfit.expected, unfit.found, path)
    return wrong_value(key, _expected(kind, context, first["msg"]), first["input"], path)


def _expected(kind: str, context: Mapping[str, Any], message: str) -> Text:
    if kind == "literal_error":
        choices = str(context["expected"]).replace("'", '"')
        return Text(zh=f" {choices.replace(' or ', ' 或 ')}", en=choices)
    if kind == "greater_than":
        return Text(zh=f"大于 {context['gt']} 的数", en=f"a number above {context['gt']}")
    if kind == "less_than_equal":
        return Text(zh=f"不大于 {context['le']} 的数", en=f"a number of at most {context['le']}")
    if kind == "greater_than_equal":
        least = context["ge"]
        return Text(zh=f"不小于 {least} 的整数", en=f"a whole number from {least} up")
    if kind.startswith("date"):
        return EXPECTED["date_type"]
    return EXPECTED.get(kind, Text(zh=f"有效的值（{message}）", en=f"a valid value ({message})"))
