"""Hand layers: what an interpreter opens in QGIS to correct what the image shows.

Question   Which patches were taken for green, and where does a correction go?
Enters     Patches of vegetation as polygons, a folder that may be filled.
Leaves     vegetation.gpkg with the patches; corrections.gpkg, empty, with a column ``action``.
Elsewhere  Drawing patches: prepare/vectorise. Laying corrections over an image: prepare/.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import geopandas as gpd
import pandas as pd
import pyogrio

from greenspace.present.geopackage import write_ground
from greenspace.present.style import VEGETATION

if TYPE_CHECKING:
    from pathlib import Path

    from pyproj import CRS

PATCHES: Final = "vegetation.gpkg"
CORRECTIONS: Final = "corrections.gpkg"
ACTIONS: Final = {"add": "#1f78b4", "remove": "#e31a1c"}
HEAD: Final = "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>"
SYMBOL: Final = """\
<symbol type="fill" name="{name}" alpha="1" force_rhr="0" clip_to_extent="1">\
<layer class="SimpleFill" enabled="1" pass="0" locked="0"><Option type="Map">\
<Option type="QString" name="color" value="{red},{green},{blue},70"/>\
<Option type="QString" name="outline_color" value="{red},{green},{blue},255"/>\
<Option type="QString" name="outline_width" value="0.4"/>\
<Option type="QString" name="style" value="solid"/></Option></layer></symbol>"""
CHOICE: Final = """\
<fieldConfiguration><field name="action"><editWidget type="ValueMap"><config><Option type="Map">\
<Option type="List" name="map">{options}</Option></Option></config></editWidget></field>\
</fieldConfiguration>"""


def write_hand_layers(patches: gpd.GeoDataFrame, folder: Path) -> None:
    """Write the patches, and an empty layer for corrections that asks for an action.

    Raises
    ------
    InputError
        A file cannot be written.
    """
    write_ground(patches, folder / PATCHES, "vegetation")
    _write_style(folder / PATCHES, "vegetation", _one_colour())
    _write_empty(folder / CORRECTIONS, patches.crs)
    _write_style(folder / CORRECTIONS, "corrections", _by_action())


def _write_empty(path: Path, crs: CRS | None) -> None:
    columns = {"action": pd.Series([], dtype=object), "remark": pd.Series([], dtype=object)}
    frame = gpd.GeoDataFrame(columns, geometry=gpd.GeoSeries([], crs=crs))
    pyogrio.write_dataframe(
        frame, path, layer="corrections", driver="GPKG", geometry_type="MultiPolygon"
    )


def _write_style(path: Path, layer: str, qml: str) -> None:
    """Write a style where QGIS looks for one when it opens the layer."""
    style = {
        "f_table_catalog": [""],
        "f_table_schema": [""],
        "f_table_name": [layer],
        "f_geometry_column": ["geom"],
        "styleName": [layer],
        "styleQML": [qml],
        "styleSLD": [""],
        "useAsDefault": [True],
        "description": [""],
        "owner": [""],
    }
    pyogrio.write_dataframe(
        pd.DataFrame(style),
        path,
        layer="layer_styles",
        driver="GPKG",
        append=False,
        layer_options={"FID": "id"},
    )


def _one_colour() -> str:
    symbol = _symbol("0", VEGETATION)
    return (
        f'{HEAD}<qgis styleCategories="Symbology"><renderer-v2 type="singleSymbol">'
        f"<symbols>{symbol}</symbols></renderer-v2></qgis>"
    )


def _by_action() -> str:
    kinds = list(ACTIONS)
    categories = "".join(
        f'<category value="{kind}" label="{kind}" symbol="{place}" render="true" type="string"/>'
        for place, kind in enumerate(kinds)
    )
    symbols = "".join(_symbol(str(place), ACTIONS[kind]) for place, kind in enumerate(kinds))
    options = "".join(
        f'<Option type="Map"><Option type="QString" name="{kind}" value="{kind}"/></Option>'
        for kind in kinds
    )
    return (
        f'{HEAD}<qgis styleCategories="Symbology|Fields|Forms">'
        f'<renderer-v2 type="categorizedSymbol" attr="action"><categories>{categories}</categories>'
        f"<symbols>{symbols}</symbols></renderer-v2>{CHOICE.format(options=options)}</qgis>"
    )


def _symbol(name: str, colour: str) -> str:
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return SYMBOL.format(name=name, red=red, green=green, blue=blue)
