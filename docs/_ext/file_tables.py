"""Tables of the other definition files: sensors, masks, classes of land cover, class codes, zonings."""

from __future__ import annotations

import tomllib
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from writing import MARKS, table

from greenspace.read.sensors import list_masks, list_sensors, read_mask_codes, read_sensor

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from greenspace.model.sensor import Fact, Sensor


def fact_row(what: str, value: object, fact: Fact[Any]) -> list[object]:
    """Return one row of a sensor or a mask: what is known, how surely, and from where."""
    return [what, value, MARKS[fact.mark], "; ".join(fact.sources)]


def sensor_rows(sensor: Sensor) -> list[list[object]]:
    """Return every fact about one sensor."""
    rows = []
    if sensor.bands is not None:
        order = ", ".join(f"{band} {number}" for band, number in sensor.bands.value.items())
        rows.append(fact_row("bands", order, sensor.bands))
    if sensor.files is not None:
        parts = ", ".join(f"{band} `{part}`" for band, part in sensor.files.value.items())
        rows.append(fact_row("files", parts, sensor.files))
    for fact in sensor.conversions:
        one = fact.value
        since, before = one.since and f"from {one.since} on", one.before and f"before {one.before}"
        which = " ".join(filter(None, [since, before])) or one.name
        how = f"{one.numbers} × {one.scale:g} {one.offset:+g}".replace("-", "−")
        rows.append(fact_row(f"reflectance {which}".strip(), how, fact))
    if sensor.nodata is not None:
        rows.append(fact_row("nodata", f"{sensor.nodata.value:g}", sensor.nodata))
    if sensor.pixel_m is not None:
        rows.append(fact_row("pixel", f"{sensor.pixel_m.value:g} m", sensor.pixel_m))
    return rows


def sensors() -> str:
    """Return every sensor and every kind of mask with every number in them."""
    head = ["what", "value", "mark", "source"]
    parts = []
    for name in list_sensors():
        sensor = read_sensor(name)
        masks = ", ".join(f"`{mask}`" for mask in sensor.masks)
        parts += [
            f"## {sensor.id}\n\n**{sensor.name.zh}** · {sensor.name.en}\n",
            f"Masks: {masks}.\n" if masks else "",
            table(head, sensor_rows(sensor)),
        ]
    for name in list_masks():
        codes = read_mask_codes(name)
        rows = [
            fact_row(f"{rule.value.reason.zh} {rule.value.reason.en}", rule.value.coded, rule)
            for rule in codes.rules
        ]
        parts += [
            f"## {codes.id}\n\n**{codes.name.zh}** · {codes.name.en}, band {codes.band}\n",
            table(["not seen", "codes", "mark", "source"], rows),
        ]
    return "\n".join([*parts, whole("land_cover")])


def shown(value: Any, key: str = "") -> str:
    """Return one value of a definition file as it is written, marks in words."""
    if key == "mark":
        return MARKS.get(value, str(value))
    if isinstance(value, dict):
        if set(value) == {"zh", "en"}:
            return f"{value['zh']} {value['en']}"
        return ", ".join(f"{name} {shown(item, name)}" for name, item in value.items())
    if isinstance(value, list):
        return ", ".join(
            f"({shown(item)})" if isinstance(item, dict | list) else shown(item) for item in value
        )
    if isinstance(value, float):
        return f"{value:g}"
    return str(value).lower() if isinstance(value, bool) else str(value)


def is_words(value: Any) -> bool:
    """Return whether a value is one text in two languages."""
    return isinstance(value, dict) and set(value) == {"zh", "en"}


def is_rows(value: Any) -> bool:
    """Return whether a table of a file holds one row a key."""
    return isinstance(value, dict) and all(
        isinstance(item, dict) and not is_words(item) for item in value.values()
    )


def rows_table(rows: list[Mapping[str, Any]]) -> str:
    """Return rows as a table; a column that no row fills is left out."""
    columns = list(dict.fromkeys(key for row in rows for key in row))
    return table(
        columns, [[shown(row[key], key) if key in row else "" for key in columns] for row in rows]
    )


def parts_of(content: Mapping[str, Any], level: int = 3) -> Iterator[str]:
    """Yield what a definition file holds, in its own order."""
    plain = {key: value for key, value in content.items() if not is_part(value)}
    if plain:
        yield rows_table(
            [{"key": f"`{key}`", "value": shown(value, key)} for key, value in plain.items()]
        )
    for key, value in content.items():
        if not is_part(value):
            continue
        yield f"{'#' * level} {key}\n"
        if isinstance(value, list):
            yield rows_table(value)
        elif is_rows(value) and not any(
            is_part(part) for row in value.values() for part in row.values()
        ):
            yield rows_table([{"id": f"`{name}`", **row} for name, row in value.items()])
        else:
            yield from parts_of(value, level + 1)


def is_part(value: Any) -> bool:
    """Return whether a value is a table of its own rather than one cell."""
    if isinstance(value, list):
        return bool(value) and all(isinstance(item, dict) for item in value)
    return isinstance(value, dict) and not is_words(value)


def comment(text: str) -> str:
    """Return what the head of a file says of its keys."""
    lines = []
    for line in text.splitlines():
        if not line.startswith("#"):
            break
        lines.append(line.removeprefix("#").rstrip())
    return (
        "```text\n" + "\n".join(line.removeprefix(" ") for line in lines) + "\n```\n"
        if lines
        else ""
    )


def whole(folder: str) -> str:
    """Return every file of a folder of definitions, whole."""
    found = sorted((files("greenspace") / "definitions" / folder).iterdir(), key=lambda f: f.name)
    parts = []
    for file in found:
        text = file.read_text(encoding="utf-8")
        name = file.name.removesuffix(".toml")
        parts += [f"## {name}\n", comment(text), *parts_of(tomllib.loads(text))]
    return "\n".join(parts)


def classes() -> str:
    """Return every table of classes and kinds."""
    return whole("classes")


def zonings() -> str:
    """Return every zoning scheme."""
    return whole("zonings")
