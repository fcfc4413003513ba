"""Chapters: which rows, numbers, base tables and maps belong to which subject of the report.

Question   Where in the report does an indicator or a base table stand?
Enters     Ids of indicators and ledgers.
Leaves     The subjects in their order; what none of them names stands elsewhere.
Elsewhere  The whole outline: outline. Their titles: report_words.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Chapter:
    """One subject: the key of its title, its indicators, its ledgers, how its charts begin."""

    title: str
    indicators: frozenset[str] = frozenset()
    ledgers: tuple[str, ...] = ()
    pictures: tuple[str, ...] = ()


CHAPTERS: Final = (
    Chapter(
        "parks_chapter",
        frozenset(
            {
                "park_area_per_capita",
                "lowest_district_park_area_per_capita",
                "centre_park_area_per_capita",
                "comprehensive_park_per_capita",
                "comprehensive_parks_per_10k",
                "community_park_per_capita",
                "park_greening_share",
                "square_greening_share",
                "star_rated_parks",
                "service_coverage",
                "network_service_coverage",
                "residents_served",
                "residents_served_on_foot",
            }
        ),
        ("parks", "centre"),
    ),
    Chapter(
        "roads_chapter",
        frozenset(
            {
                "road_greening_rate",
                "road_green_compliance",
                "tree_lined_road_share",
                "main_road_green_belt_share",
                "secondary_road_green_belt_share",
                "greenway_service_coverage",
                "greenway_length_per_10k",
                "permeable_share",
                "riverbank_greening",
                "corridor_greening",
                "demonstration_streets_per_district",
            }
        ),
        ("roads", "corridors"),
    ),
    Chapter(
        "homes_chapter",
        frozenset(
            {
                "new_residential_green_ratio",
                "rebuilt_residential_green_ratio",
                "unit_green_ratio",
                "unit_compliance_share",
                "advanced_unit_share",
                "garden_estate_share",
                "garden_estate_share_by_area",
                "garden_estate_count",
                "garden_unit_share",
                "garden_unit_share_by_area",
                "exemplary_yard_count",
            }
        ),
        ("estates", "estates_short", "units", "units_short"),
    ),
    Chapter("heat_chapter", frozenset({"heat_island"})),
    Chapter("community_chapter", frozenset({"plantable_greened_share"}), ("communities",)),
    Chapter(
        "species_chapter",
        frozenset(
            {
                "species_index",
                "native_plant_index",
                "native_woody_plant_index",
                "tree_survival",
                "seedling_self_supply",
            }
        ),
        ("species",),
    ),
    Chapter("declared_chapter", ledgers=("declared", "declared_parks"), pictures=("declared",)),
    Chapter("trajectory_chapter", ledgers=("trajectory",), pictures=("trajectory",)),
)
PLACED: Final = frozenset(
    {"boundary", "centre_green", "checklist", *(name for c in CHAPTERS for name in c.ledgers)}
)
SUBJECTS: Final = frozenset(name for c in CHAPTERS for name in c.indicators)
CHARTS: Final = tuple(name for c in CHAPTERS for name in c.pictures)
