"""QGIS styles: how QGIS shows the layers of a GeoPackage when it opens them.

Question   Which symbol does a feature of this value have, without anybody setting it?
Enters     Looks of shapes, by value or by rule.
Leaves     QML, and the table ``layer_styles`` in which QGIS looks for it.
Elsewhere  Colours: style, cad_layers. The layers: green_line_layers, findings_file, hand_layers.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final, Literal
from xml.sax.saxutils import quoteattr

import pandas as pd
import pyogrio

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

Kind = Literal["fill", "line", "marker"]

HEAD: Final = "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>"
CATEGORIES: Final = "Symbology|Labeling"
WITH_FORMS: Final = "Symbology|Fields|Forms"
CLASSES: Final[Mapping[Kind, str]] = {
    "fill": "SimpleFill",
    "line": "SimpleLine",
    "marker": "SimpleMarker",
}
QGIS_LINES: Final[Mapping[str, str]] = {"solid": "solid", "dashed": "dash", "dashdot": "dash dot"}
EPOCH: Final = datetime(2000, 1, 1, tzinfo=UTC)  # the same layers give the same table


@dataclass(frozen=True, slots=True)
class Look:
    """A symbol of QGIS: its kind, and the options of its one layer."""

    kind: Kind
    options: Mapping[str, str]


def filled(
    colour: str,
    *,
    outline: str,
    line: str = "solid",
    width: float = 0.4,
    opacity: int = 255,
    brush: str = "solid",
) -> Look:
    """Return the look of an area.

    Parameters
    ----------
    line
        ``solid``, ``dashed`` or ``dashdot``.
    width
        Of the outline, in millimetres.
    opacity
        Of the fill, 0 to 255.
    brush
        As QGIS names them: ``solid``, ``no``, ``b_diagonal``, ...
    """
    return Look(
        "fill",
        {
            "color": rgba(colour, opacity),
            "outline_color": rgba(outline),
            "outline_style": QGIS_LINES[line],
            "outline_width": f"{width:g}",
            "outline_width_unit": "MM",
            "style": brush,
        },
    )


def marked(colour: str, *, shape: str = "circle", size: float = 2.0) -> Look:
    """Return the look of a point, `size` in millimetres."""
    return Look("marker", {"name": shape, "color": rgba(colour), "size": f"{size:g}"})


def drawn(colour: str, *, width: float = 0.4) -> Look:
    """Return the look of a line, `width` in millimetres."""
    return Look("line", {"line_color": rgba(colour), "line_width": f"{width:g}"})


def rgba(colour: str, opacity: int = 255) -> str:
    """Return a colour as QGIS writes it.

    Examples
    --------
    >>> rgba("#0b6b34", 90)
    '11,107,52,90'
    """
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return f"{red},{green},{blue},{opacity}"


def single(look: Look, *, label: str | None = None) -> str:
    """Return QML of one look for all features; `label` is a column that is written on them."""
    body = (
        '<renderer-v2 type="singleSymbol" enableorderby="0">'
        f"<symbols>{_symbol(0, look)}</symbols></renderer-v2>"
    )
    return _page(body, label)


def by_value(column: str, looks: Sequence[tuple[str, str, Look]], *, form: str = "") -> str:
    """Return QML of one look a value of a column: value, title, look; `form` is how it is edited."""
    rows = "".join(
        f'<category render="true" type="string" symbol="{place}" value={quoteattr(value)} '
        f"label={quoteattr(title)}/>"
        for place, (value, title, _) in enumerate(looks)
    )
    body = (
        f'<renderer-v2 type="categorizedSymbol" attr={quoteattr(column)} enableorderby="0">'
        f"<categories>{rows}</categories>"
        f"<symbols>{_symbols(look for *_, look in looks)}</symbols></renderer-v2>"
    )
    return _page(body + form, None, WITH_FORMS if form else CATEGORIES)


def by_rule(looks: Sequence[tuple[str, str, Look]], *, label: str | None = None) -> str:
    """Return QML of one look a rule: an expression of QGIS, title, look."""
    rows = "".join(
        f'<rule key="rule_{place}" symbol="{place}" filter={quoteattr(rule)} '
        f"label={quoteattr(title)}/>"
        for place, (rule, title, _) in enumerate(looks)
    )
    body = (
        '<renderer-v2 type="RuleRenderer" symbollevels="0" enableorderby="0">'
        f'<rules key="rules">{rows}</rules>'
        f"<symbols>{_symbols(look for *_, look in looks)}</symbols></renderer-v2>"
    )
    return _page(body, label)


def write_styles(styles: Mapping[str, str], path: Path, *, description: str = "") -> None:
    """Write the QML of each layer into a GeoPackage that has these layers."""
    table = pd.DataFrame(
        {
            "f_table_catalog": "",
            "f_table_schema": "",
            "f_table_name": list(styles),
            "f_geometry_column": "geom",
            "styleName": list(styles),
            "styleQML": list(styles.values()),
            "styleSLD": "",
            "useAsDefault": True,
            "description": description,
            "owner": "",
            "ui": "",
            "update_time": pd.Series([EPOCH] * len(styles)),
        }
    )
    pyogrio.write_dataframe(
        table, path, layer="layer_styles", driver="GPKG", layer_options={"FID": "id"}
    )


def _page(body: str, label: str | None, parts: str = CATEGORIES) -> str:
    labels = "" if label is None else _labels(label)
    enabled = int(label is not None)
    return (
        f'{HEAD}<qgis version="3.22" styleCategories="{parts}" labelsEnabled="{enabled}">'
        f"{body}{labels}</qgis>"
    )


def _labels(column: str) -> str:
    return (
        '<labeling type="simple"><settings>'
        f'<text-style fieldName={quoteattr(column)} fontSize="8" textColor="31,42,36,255">'
        '<text-buffer bufferDraw="1" bufferSize="0.8" bufferColor="255,255,255,255"/>'
        "</text-style></settings></labeling>"
    )


def _symbols(looks: Iterable[Look]) -> str:
    return "".join(_symbol(place, look) for place, look in enumerate(looks))


def _symbol(place: int, look: Look) -> str:
    options = "".join(
        f'<Option type="QString" name="{key}" value={quoteattr(value)}/>'
        for key, value in look.options.items()
    )
    return (
        f'<symbol type="{look.kind}" name="{place}" alpha="1" force_rhr="0" clip_to_extent="1">'
        f'<layer class="{CLASSES[look.kind]}" enabled="1" pass="0" locked="0">'
        f'<Option type="Map">{options}</Option></layer></symbol>'
    )
