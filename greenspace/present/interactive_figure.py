"""Interactive figure: the map of a page as Bokeh embeds it.

Question   How do layers become one map that pans, zooms and knows what lies under the pointer?
Enters     A View.
Leaves     Bokeh's document as plain values, the same for the same view.
Elsewhere  Its shapes, which the page's own script fills in: interactive_shapes, templates/.
"""

from __future__ import annotations

import base64
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final

from PIL import Image

from greenspace.present.interactive_words import page_word

if TYPE_CHECKING:
    from greenspace.model.words import Language
    from greenspace.present.interactive_view import Backdrop, View, ViewLayer

COLOURS: Final = 256
HIGHLIGHT: Final = "#d6006c"
PLACES: Final = {"point": ("x", "y"), "line": ("xs", "ys"), "polygon": ("xs", "ys")}
FONT: Final = '"Greenspace Page", "Noto Sans", Arial, sans-serif'


def map_item(view: View, language: Language) -> dict[str, Any]:
    """Return the map: empty sources of Bokeh, one a layer, and its tools."""
    from bokeh.embed import json_item
    from bokeh.models import (
        BoxZoomTool,
        HoverTool,
        PanTool,
        Range1d,
        ResetTool,
        ScaleBar,
        WheelZoomTool,
    )
    from bokeh.plotting import figure
    from bokeh.themes import Theme

    west, south, east, north = view.bounds
    room = 0.04 * max(east - west, north - south, 1e-9)
    plot = figure(
        name="map",
        sizing_mode="stretch_both",
        x_range=Range1d(west - room, east + room),
        y_range=Range1d(south - room, north + room),
        tools=[],
        background_fill_color="#fbfaf6",
    )
    plot.toolbar.logo = None
    plot.grid.visible = False
    degrees = view.crs is not None and view.crs.is_geographic
    for axis in (plot.xaxis[0], plot.yaxis[0]):
        axis.formatter.use_scientific = False
        axis.formatter.precision = 3 if degrees else 0
        axis.ticker.desired_num_ticks = 5
        axis.major_label_text_font = FONT
    plot.yaxis[0].major_label_orientation = "vertical"
    for picture in view.backdrops:
        _add_picture(plot, picture)
    hovered = [_add_layer(plot, layer) for layer in view.layers]
    _add_highlight(plot)
    wheel = WheelZoomTool(description=page_word("wheel", language))
    plot.add_tools(
        PanTool(description=page_word("pan", language)),
        BoxZoomTool(match_aspect=True, description=page_word("box", language)),
        wheel,
        ResetTool(description=page_word("reset", language)),
        HoverTool(renderers=hovered, tooltips=None, description=page_word("point", language)),
    )
    plot.toolbar.active_scroll = wheel
    if view.metres:
        plot.add_layout(
            ScaleBar(range=plot.x_range, unit="m", location="bottom_left", label_text_font=FONT)
        )
    return _renumbered(dict(json_item(plot, theme=Theme(json={}))))


def _add_layer(plot: Any, layer: ViewLayer) -> Any:
    from bokeh.models import ColumnDataSource

    columns, look = PLACES[layer.kind], dict(layer.look)
    if layer.fills is not None:
        look["fill_color"] = "fill"
    empty: dict[str, list[Any]] = {name: [] for name in (*columns, "fill")}
    add = {"point": plot.scatter, "line": plot.multi_line, "polygon": plot.multi_polygons}
    source = ColumnDataSource(data=empty)
    return add[layer.kind](*columns, source=source, name=layer.key, visible=layer.shown, **look)


def _add_highlight(plot: Any) -> None:
    """Add the mark of what was searched for, which is empty at first."""
    from bokeh.models import ColumnDataSource

    line, point = (
        ColumnDataSource(data={"xs": [], "ys": []}),
        ColumnDataSource(data={"x": [], "y": []}),
    )
    look = {"line_color": HIGHLIGHT, "line_width": 4}
    plot.multi_line("xs", "ys", source=line, name="highlight_line", **look)
    plot.scatter("x", "y", source=point, name="highlight_point", size=18, fill_color=None, **look)


def _add_picture(plot: Any, picture: Backdrop) -> None:
    west, south, east, north = picture.bounds
    page = BytesIO()
    Image.fromarray(picture.pixels).quantize(COLOURS, Image.Quantize.FASTOCTREE).save(page, "PNG")
    plot.image_url(
        url=["data:image/png;base64," + base64.b64encode(page.getvalue()).decode("ascii")],
        x=west,
        y=north,
        w=east - west,
        h=north - south,
        anchor="top_left",
        name=picture.key,
        visible=picture.shown,
        level="image",
    )


def _renumbered(item: dict[str, Any]) -> dict[str, Any]:
    """Return Bokeh's document with its running numbers counted from one."""
    known: dict[str, str] = {}

    def walk(value: Any) -> Any:
        if isinstance(value, dict):
            return {
                key: known.setdefault(inner, f"g{len(known) + 1}")
                if key in {"id", "root_id"} and isinstance(inner, str)
                else walk(inner)
                for key, inner in value.items()
            }
        return [walk(inner) for inner in value] if isinstance(value, list | tuple) else value

    found: dict[str, Any] = walk({key: item[key] for key in ("root_id", "doc", "version")})
    return found | {"target_id": "map"}
