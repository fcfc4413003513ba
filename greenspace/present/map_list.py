"""Map list: the sheets that a report should have, drawn or missing with the reason.

Question   Which sheets does the rule name, which can be drawn, and what do the others lack?
Enters     A Check, a language.
Leaves     Names, titles and drawers of sheets; a sentence for each that is missing.
Elsewhere  Drawing: maps, theme_maps. Files: sheets.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from greenspace.model.layers import LAYERS
from greenspace.present.map_base import has_layer
from greenspace.present.map_words import map_title, map_word
from greenspace.present.maps import (
    ON_FOOT,
    draw_green_map,
    draw_service_map,
    draw_vegetation_map,
    draw_walk_map,
)
from greenspace.present.theme_maps import (
    draw_centre_map,
    draw_image_map,
    draw_nature_map,
    draw_park_map,
    draw_parking_map,
    draw_tree_map,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from matplotlib.axes import Axes

    from greenspace.model.check import Check
    from greenspace.model.words import Language
    from greenspace.present.sheets import Sheet

DRAWERS: Final[Mapping[str, tuple[str, Callable[..., Axes]]]] = {
    "image": ("image_map", draw_image_map),
    "vegetation": ("vegetation_map", draw_vegetation_map),
    "green_space": ("green_map", draw_green_map),
    "centre": ("centre_map", draw_centre_map),
    "parks": ("park_map", draw_park_map),
    "service": ("service_map", draw_service_map),
    "service_on_foot": ("walk_map", draw_walk_map),
    "trees": ("tree_map", draw_tree_map),
    "nature": ("nature_map", draw_nature_map),
    "parking": ("parking_map", draw_parking_map),
}
NEVER: Final = ("heat_map",)  # sheets that nothing here can be drawn from
NEEDS: Final[Mapping[str, str]] = {  # the layer without which a sheet is not drawn
    "green_space": "green",
    "centre": "centre",
    "parks": "parks",
    "service": "residential",
    "service_on_foot": "paths",
    "trees": "old_trees",
    "nature": "water",
    "parking": "parking",
}


def drawable_maps(check: Check) -> tuple[str, ...]:
    """Return the sheets whose input is there."""
    service = any(has_layer(check, name) for name in ("served", "unserved"))
    on_foot = any(has_layer(check, f"{name}{ON_FOOT}") for name in ("served", "unserved"))
    there = {
        **{name: has_layer(check, layer) for name, layer in NEEDS.items()},
        "image": check.picture is not None and check.picture.colours is not None,
        "vegetation": check.picture is not None,
        "service": service,
        "service_on_foot": on_foot,
    }
    return tuple(name for name in DRAWERS if there[name])


def missing_maps(check: Check, sheets: Sequence[Sheet], language: Language) -> list[str]:
    """Return a sentence for each sheet that is not among those drawn: which, and why."""
    drawn = {sheet.name for sheet in sheets}
    found = [
        (key, _reason(check, name, language))
        for name, (key, _) in DRAWERS.items()
        if name not in drawn
    ]
    found += [(key, map_word(f"needs_{key}", language)) for key in NEVER]
    return [
        map_word("needs", language).format(title=map_title(key, language), reason=reason)
        for key, reason in found
    ]


def _reason(check: Check, name: str, language: Language) -> str:
    if name == "image" and check.picture is not None:
        return map_word("needs_colours", language)
    if name in {"image", "vegetation"}:
        return map_word("needs_image", language)
    key = NEEDS[name]
    title = LAYERS[key].title.of(language)
    return map_word("needs_layer", language).format(name=title, key=key)
