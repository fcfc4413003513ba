"""Looks: classes of one map can be told apart, by readers with and without colour vision."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from matplotlib.colors import to_rgb

from greenspace.present.looks import THEMES, looks_of, zone_look

# Machado, Oliveira and Fernandes 2009, severity 1.0, on linear RGB
VISION = {
    "full": np.eye(3),
    "protan": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deutan": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "tritan": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
}
TO_XYZ = [
    [0.4124564, 0.3575761, 0.1804375],
    [0.2126729, 0.7151522, 0.0721750],
    [0.0193339, 0.1191920, 0.9503041],
]
WHITE = np.array([0.95047, 1.0, 1.08883])
ONE_EDITION = {("green_space", "regional", "other")}  # G5 of 2002 and EG of 2017: never on one map
APART = 12.0  # CIE 1976: 2.3 is just noticeable side by side, 10 at a glance


def lab(colour, vision):
    rgb = np.array(to_rgb(colour))
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    seen = np.clip(np.array(vision) @ linear, 0, 1)
    xyz = np.array(TO_XYZ) @ seen / WHITE
    f = np.where(xyz > 216 / 24389, np.cbrt(xyz), (24389 / 27 * xyz + 16) / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def distance(one, other, vision):
    return float(np.linalg.norm(lab(one, vision) - lab(other, vision)))


def unlike(one, other):
    """Whether two looks differ in anything but their colour."""
    return (
        one.kind != other.kind
        or one.hatch != other.hatch
        or one.line != other.line
        or (one.kind == "mark" and one.mark != other.mark)
        or (one.kind == "line" and max(one.width, other.width) >= 2 * min(one.width, other.width))
    )


def confused(theme, palette, vision):
    return [
        (first, second)
        for (first, one), (second, other) in combinations(looks_of(theme, palette).items(), 2)
        if (theme, first, second) not in ONE_EDITION
        and not unlike(one, other)
        and distance(one.colour, other.colour, vision) < APART
    ]


def test_lab_is_that_of_the_books():
    # sRGB red under D65: L 53.24, a 80.09, b 67.20
    assert lab("#ff0000", VISION["full"]) == pytest.approx([53.24, 80.09, 67.20], abs=0.02)


@pytest.mark.parametrize("vision", VISION)
@pytest.mark.parametrize("theme", THEMES)
def test_classes_of_the_safe_palette_are_told_apart(theme, vision):
    assert not confused(theme, "safe", VISION[vision])


@pytest.mark.parametrize("theme", THEMES)
def test_classes_of_the_standard_palette_are_told_apart_with_colour_vision(theme):
    assert not confused(theme, "standard", VISION["full"])


def test_this_test_would_see_red_and_green_confused():
    assert distance("#8c6d00", "#6a8a00", VISION["full"]) > 2 * APART
    assert distance("#8c6d00", "#6a8a00", VISION["deutan"]) < APART


@pytest.mark.parametrize("theme", THEMES)
def test_both_palettes_know_the_same_classes(theme):
    assert looks_of(theme, "safe").keys() == looks_of(theme, "standard").keys()


@pytest.mark.parametrize("palette", ["standard", "safe"])
def test_line_types_of_the_three_statuses_are_those_of_the_standard(palette):
    looks = looks_of("green_line", palette)

    assert [looks[key].line for key in ("existing", "planned", "control")] == [
        "solid",
        "dashed",
        "dashdot",
    ]


def test_more_zones_than_looks_are_hatched_otherwise():
    assert zone_look(7, "safe").colour == zone_look(0, "safe").colour
    assert zone_look(7, "safe").hatch != zone_look(0, "safe").hatch
