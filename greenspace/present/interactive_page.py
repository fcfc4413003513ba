"""Interactive page: layers as one HTML file that asks nothing of the network.

Question   How do layers become a map that anyone opens by double click?
Enters     A View: layers with looks and facts, and the words around them.
Leaves     One HTML text: shapes, words, font and BokehJS inlined, under a strict policy.
Elsewhere  What is shown: interactive, explored. Shapes: interactive_shapes. Behaviour: templates/.

Nothing that comes from a file reaches Bokeh but numbers: names and facts are set as plain text by
the page's own script. Scripts run by their hash alone; neither eval nor any address is allowed.
"""

from __future__ import annotations

import base64
import hashlib
import json
from importlib import resources
from typing import TYPE_CHECKING, Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined

from greenspace.errors import InputError, MissingExtraError
from greenspace.model.words import Text
from greenspace.present import canvas
from greenspace.present.interactive_figure import map_item
from greenspace.present.interactive_shapes import Grid, fit, metres_shown, packed
from greenspace.present.interactive_words import PAGE_WORDS, page_word
from greenspace.present.record import software_version
from greenspace.present.webfont import page_font

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    from numpy.typing import NDArray

    from greenspace.model.words import Language
    from greenspace.present.interactive_view import Backdrop, View, ViewLayer

LANG: Final = {"zh": "zh-CN", "en": "en"}
STEERING: Final = ("<", ">", "&", "\u2028", "\u2029")


def page_html(view: View, language: Language) -> str:
    """Return a view as one HTML page; the same view gives the same bytes.

    Raises
    ------
    MissingExtraError
        Bokeh is not installed.
    InputError
        The language is neither of the two.
    """
    if language not in LANG:
        raise InputError(
            f"互动图只有中文和英文，没有 {language}。",
            f"The page is in Chinese or English, not in {language}.",
            remedy=Text('请用 language="zh" 或 "en"。', 'Take language="zh" or "en".'),
            expected=tuple(LANG),
            found=language,
        )
    words = {key: text.of(language) for key, text in PAGE_WORDS.items()}
    shapes, grid = fit(layer.shapes for layer in view.layers)
    places = list(dict.fromkeys(name for layer in view.layers for name in layer.places))
    layers = [
        _layer(each, simple, grid, places) for each, simple in zip(view.layers, shapes, strict=True)
    ]
    scripts = (bokeh_js(), _own("interactive.js"))
    west, south, east, north = view.bounds
    page = {
        "lang": LANG[language],
        "version": software_version(),
        "groups": _groups(view),
        "north": f"{canvas.grid_angle((west + east) / 2, (south + north) / 2, view.crs):.2f}",
        "notes": [*view.notes, _simplified(view, grid, language)],
        "policy": " ".join(_hash(text) for text in scripts),
        "style": _own("interactive.css"),
    }
    data = _json(
        {
            "grid": [grid.x, grid.y, grid.step],
            "stretch": view.stretch,
            "words": words,
            "places": places,
            "layers": layers,
        }
    )
    template = _environment().get_template("interactive.html.j2")
    shown = {"page": page, "view": view, "words": words}
    bare = template.render(**shown, scripts=(), data="", figure="", font="")
    font = page_font(bare + data)
    figure = _json(map_item(view, language))
    return str(template.render(**shown, scripts=scripts, data=data, figure=figure, font=font))


def swatch(look: Mapping[str, Any]) -> str:
    """Return the style of a legend's sample; every part of it is a constant of ours."""
    fill, line = look.get("fill_color"), look.get("line_color") or "transparent"
    parts = [f"border-color:{line}"]
    if isinstance(fill, str):
        parts.append(f"background-color:{fill}")
    if look.get("line_dash", "solid") != "solid":
        parts.append("border-style:dashed")
    if look.get("hatch_pattern") in {"/", "\\", "x"}:
        turn = "135deg" if look["hatch_pattern"] == "/" else "45deg"
        stripes = "transparent 0 3px,rgba(31,42,36,.55) 3px 4px"
        parts.append(f"background-image:repeating-linear-gradient({turn},{stripes})")
    return ";".join(parts)


def _groups(view: View) -> list[tuple[str, list[ViewLayer | Backdrop]]]:
    """Return the layers by group, the uppermost first, pictures last."""
    found: dict[str, list[ViewLayer | Backdrop]] = {}
    for layer in reversed(view.layers):
        found.setdefault(layer.group, []).append(layer)
    if view.backdrops:
        found.setdefault("", []).extend(view.backdrops)
    return list(found.items())


def _layer(
    layer: ViewLayer, simple: NDArray[np.object_], grid: Grid, places: list[str]
) -> dict[str, Any]:
    rank = {name: place for place, name in enumerate(places)}
    return {
        "key": layer.key,
        "title": layer.title,
        "kind": layer.kind,
        "shown": layer.shown,
        "fills": layer.fills,
        "names": list(layer.names),
        "places": [rank[name] for name in layer.places],
        "facts": [
            [fact.label, list(fact.shown), list(fact.exact), list(fact.notes), int(fact.folded)]
            for fact in layer.facts
        ],
        "shapes": packed(simple, grid),
    }


def _simplified(view: View, grid: Grid, language: Language) -> str:
    if view.crs is not None and view.crs.is_geographic:
        return page_word("simplified_degrees", language)
    told = metres_shown(grid.tolerance)
    return page_word("simplified", language).format(tolerance=told)


def _json(value: Any) -> str:
    """Return JSON that no character of it can break out of, whatever a file says."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for char in STEERING:
        text = text.replace(char, f"\\u{ord(char):04x}")
    return text


def _hash(script: str) -> str:
    digest = base64.b64encode(hashlib.sha256(script.encode("utf-8")).digest()).decode("ascii")
    return f"'sha256-{digest}'"


def bokeh_js() -> str:
    """Return the script of the map library; refuse where it is not installed."""
    try:
        from bokeh.resources import Resources
    except ImportError as error:
        raise MissingExtraError(
            "交互地图需要 bokeh，当前没有安装。",
            "The interactive map needs bokeh, which is not installed.",
            remedy=Text(
                zh='请运行 pip install "greenspace[interactive]"。',
                en='Run pip install "greenspace[interactive]".',
            ),
            expected="bokeh",
        ) from error
    library: str = Resources(mode="inline", components=["bokeh"]).js_raw[0]
    return library.replace("\r\n", "\n")


def _own(name: str) -> str:
    return (resources.files("greenspace.present") / "templates" / name).read_text(encoding="utf-8")


def _environment() -> Environment:
    found = Environment(
        loader=PackageLoader("greenspace.present", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.filters["swatch"] = swatch
    return found
