"""A street network like a grid, gates of parks, and homes, for benchmarks/network."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from greenspace.model.network import WalkNetwork

Floats = NDArray[np.float64]
FULL = 1_000_000
SPACING = 80.0
DROPPED, DIAGONAL = 0.12, 0.03
PARKS, GATES, HOMES = 3000, 4, 40_000


@dataclass(frozen=True)
class Town:
    """Streets, gates with the park of each, and homes."""

    network: WalkNetwork
    gates: Floats
    park: NDArray[np.int64]
    homes: Floats


def streets(nodes: int, seed: int = 0) -> WalkNetwork:
    """Make crossings 80 m apart, shifted a little; some streets missing, some diagonals, bends."""
    draw = np.random.default_rng(seed)
    side = round(nodes**0.5)
    place = np.arange(side * side)
    row, col = np.divmod(place, side)
    spots = np.c_[col * SPACING, row * SPACING]
    spots = spots + draw.normal(0, 0.12 * SPACING, spots.shape)
    east, north = place[col < side - 1], place[row < side - 1]
    edges = np.concatenate((np.c_[east, east + 1], np.c_[north, north + side]))
    edges = edges[draw.random(len(edges)) > DROPPED]
    across = place[(col < side - 1) & (row < side - 1)]
    across = across[draw.random(len(across)) < DIAGONAL]
    edges = np.concatenate((edges, np.c_[across, across + side + 1]))
    straight = np.hypot(*(spots[edges[:, 0]] - spots[edges[:, 1]]).T)
    length = straight * draw.uniform(1, 1.15, len(edges))
    return WalkNetwork.of_edges(spots, edges, length_m=length)


def town(nodes: int, seed: int = 1) -> Town:
    """Make streets, and as many parks and homes for each of them as in the full size."""
    draw = np.random.default_rng(seed)
    side, share = SPACING * round(nodes**0.5), nodes / FULL
    parks, homes = max(1, round(PARKS * share)), max(1, round(HOMES * share))
    middle = draw.uniform(0, side, (parks, 1, 2))
    radius = np.exp(draw.normal(np.log(60), 0.6, (parks, 1, 1)))
    angle = draw.uniform(0, 2 * np.pi, (parks, 1)) + np.arange(GATES) * 2 * np.pi / GATES
    gates = middle + radius * np.stack((np.cos(angle), np.sin(angle)), axis=-1)
    return Town(
        streets(nodes),
        gates.reshape(-1, 2).clip(0, side),
        np.repeat(np.arange(parks), GATES),
        draw.uniform(0, side, (homes, 2)),
    )
