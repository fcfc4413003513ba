"""Data for the benchmark of service radii: parks of three outlines among blocks, from a seed."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import shapely

CRS = "EPSG:25832"
FULL = 3_000  # parks
SIDE_M = 30_000.0  # of the city with so many
BLOCKS = 40 / 3  # a park
TIERS = ((20_000.0, 500.0), (0.0, 300.0))
KINDS = {"noisy 3 %": 0.03, "noisy 10 %": 0.10, "rounded": None}
STREET_M = 12.0
WAVES = ((2, 0.25), (3, 0.12), (7, 0.06))


def city(parks: int, kind: str, seed: int = 0) -> tuple[gpd.GeoSeries, gpd.GeoSeries]:
    """Return parks and blocks of a city as dense as the full one."""
    rng = np.random.default_rng(seed)
    side = SIDE_M * (parks / FULL) ** 0.5
    middle = 0.6 * rng.uniform(0, side, (parks, 2)) + 0.4 * rng.normal(
        side / 2, side / 5, (parks, 2)
    )
    area = np.exp(rng.normal(np.log(8000), 1.3, parks)).clip(500, 2e6)
    noise = KINDS[kind]
    outline = _rounded(rng, area) if noise is None else _noisy(rng, area, noise)
    shapes = _closed(middle[:, None] + outline)
    return (
        gpd.GeoSeries(shapely.make_valid(shapes), crs=CRS),
        gpd.GeoSeries(_blocks(rng, round(parks * BLOCKS), side), crs=CRS),
    )


def _closed(rings: np.ndarray) -> np.ndarray:
    return np.asarray(shapely.polygons(np.concatenate([rings, rings[:, :1]], axis=1)))


def _noisy(rng: np.random.Generator, area: np.ndarray, noise: float) -> np.ndarray:
    """Return outlines of 200 vertices, as they are traced from images."""
    angle = np.linspace(0, 2 * np.pi, 200, endpoint=False)
    radius = 1 + noise * rng.standard_normal((len(area), len(angle)))
    for times, share in WAVES:
        radius += share * np.cos(times * angle + rng.uniform(0, 2 * np.pi, (len(area), 1)))
    circle = np.stack([np.cos(angle), np.sin(angle)], axis=-1)
    return (np.sqrt(area / np.pi)[:, None] * radius)[..., None] * circle


def _rounded(rng: np.random.Generator, area: np.ndarray) -> np.ndarray:
    """Return rectangles with rounded corners, 20 vertices, as they are drawn."""
    aspect, turn = rng.uniform(1, 3, len(area)), rng.uniform(0, np.pi, len(area))
    half = np.stack([np.sqrt(area * aspect), np.sqrt(area / aspect)], axis=-1) / 2
    corner = 0.4 * half.min(axis=1)
    angle = np.concatenate([np.linspace(k, k + 1, 5) for k in range(4)]) * np.pi / 2
    circle = np.stack([np.cos(angle), np.sin(angle)], axis=-1)
    sign = np.array([[1, 1], [-1, 1], [-1, -1], [1, -1]]).repeat(5, axis=0)
    plain = sign * (half - corner[:, None])[:, None] + corner[:, None, None] * circle
    turned = np.stack([np.cos(turn), -np.sin(turn), np.sin(turn), np.cos(turn)], axis=-1)
    return plain @ turned.reshape(-1, 2, 2).swapaxes(1, 2)


def _blocks(rng: np.random.Generator, count: int, side: float) -> np.ndarray:
    """Return quadrangles of a bent grid between streets, three more vertices on each side."""
    cells = int(np.ceil(np.sqrt(count / 0.6)))
    step = side / cells
    row, column = np.divmod(rng.choice(cells * cells, count, replace=False), cells)
    bend = rng.uniform(-0.15, 0.15, (cells + 1, cells + 1, 2)) * step
    corners = []
    for right, up in ((0, 0), (1, 0), (1, 1), (0, 1)):
        j, i = column + right, row + up
        corners.append(np.stack([j, i], axis=-1) * step + bend[i, j])
    ring = np.stack(corners, axis=1)
    centre = ring.mean(axis=1, keepdims=True)
    ring = centre + (ring - centre) * (1 - STREET_M / step)
    following = np.roll(ring, -1, axis=1)
    parts = [ring]
    for share in (0.25, 0.5, 0.75):
        along = ring + (following - ring) * share
        parts.append(along + rng.normal(0, 0.01 * step, along.shape))
    shapes = _closed(np.stack(parts, axis=2).reshape(count, 16, 2))
    bad = ~shapely.is_valid(shapes)
    shapes[bad] = shapely.make_valid(shapes[bad])
    return shapes
