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
from greenspace.present.qgis_style import by_value, filled, single, write_styles
from greenspace.present.style import VEGETATION

if TYPE_CHECKING:
    from pathlib import Path

    from pyproj import CRS

    from greenspace.present.qgis_style import Look

PATCHES: Final = "vegetation.gpkg"
CORRECTIONS: Final = "corrections.gpkg"
ACTIONS: Final = {"add": "#1f78b4", "remove": "#e31a1c"}
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
    write_styles({"vegetation": single(_look(VEGETATION))}, folder / PATCHES)
    _write_empty(folder / CORRECTIONS, patches.crs)
    write_styles({"corrections": _by_action()}, folder / CORRECTIONS)


def _write_empty(path: Path, crs: CRS | None) -> None:
    columns = {"action": pd.Series([], dtype=object), "remark": pd.Series([], dtype=object)}
    frame = gpd.GeoDataFrame(columns, geometry=gpd.GeoSeries([], crs=crs))
    pyogrio.write_dataframe(
        frame, path, layer="corrections", driver="GPKG", geometry_type="MultiPolygon"
    )


def _look(colour: str) -> Look:
    return filled(colour, outline=colour, opacity=70)


def _by_action() -> str:
    """Return a style in which an editor offers the actions that there are."""
    options = "".join(
        f'<Option type="Map"><Option type="QString" name="{kind}" value="{kind}"/></Option>'
        for kind in ACTIONS
    )
    looks = [(kind, kind, _look(colour)) for kind, colour in ACTIONS.items()]
    return by_value("action", looks, form=CHOICE.format(options=options))
