"""What a card cannot know from its TOML: the functions that measure it, and pages on its limits.

Tests hold that every function is a public name, every page exists, and every indicator that is
measured has a function or stands in ``CHECK_ONLY``.
"""

from __future__ import annotations

FUNCTIONS: dict[str, tuple[str, ...]] = {
    "angst_100_ha": ("angst",),
    "angst_20_ha": ("angst",),
    "angst_2_ha": ("angst",),
    "angst_500_ha": ("angst",),
    "angst_nature_reserves": ("angst",),
    "centre_park_area_per_capita": ("park_area_per_capita",),
    "community_park_per_capita": ("park_area_by_class",),
    "comprehensive_park_per_capita": ("park_area_by_class",),
    "comprehensive_parks_per_10k": ("comprehensive_parks_per_10k",),
    "corridor_greening": ("corridor_greening",),
    "green_coverage": ("green_coverage", "vegetation", "area_estimate"),
    "green_space_ratio": ("green_space_ratio",),
    "green_space_ratio_of_city_area": ("green_space_ratio_of_city_area",),
    "greenway_length_per_10k": ("greenway_length_per_10k",),
    "greenway_service_coverage": ("greenway_service_coverage",),
    "heat_island": ("heat_island",),
    "living_circle_10_green": ("living_circles",),
    "living_circle_10_service": ("living_circles",),
    "living_circle_15_green": ("living_circles",),
    "living_circle_15_service": ("living_circles",),
    "living_circle_5_green": ("living_circles",),
    "living_circle_5_service": ("living_circles",),
    "lowest_district_green_space_ratio": ("green_space_ratio",),
    "lowest_district_park_area_per_capita": ("park_area_per_capita",),
    "main_road_green_belt_share": ("road_green_belt_share",),
    "native_plant_index": ("native_plant_index",),
    "native_woody_plant_index": ("native_plant_index",),
    "network_service_coverage": ("network_service_coverage", "walking_distance"),
    "new_residential_green_ratio": ("estate_green", "estate_list"),
    "park_area_per_capita": ("park_area_per_capita",),
    "park_greening_share": ("park_greening_share",),
    "park_within_300_m": ("three_thirty_three_hundred",),
    "permeable_share": ("permeable_share",),
    "production_green_share": ("production_green_share",),
    "protective_green_implementation": ("protective_green_implementation",),
    "rebuilt_residential_green_ratio": ("estate_green", "estate_list"),
    "residents_served": ("residents_served",),
    "residents_served_on_foot": ("residents_served_on_foot",),
    "riverbank_greening": ("riverbank_greening",),
    "road_green_compliance": ("road_green_compliance",),
    "road_greening_rate": ("road_greening_rate",),
    "sdg_11_7_1": ("sdg_11_7_1",),
    "sdg_11_7_1_access": ("sdg_11_7_1",),
    "secondary_road_green_belt_share": ("road_green_belt_share",),
    "service_coverage": ("service_coverage", "park_contributions", "new_park_gain"),
    "species_index": ("species_index",),
    "square_greening_share": ("square_greening_share",),
    "thirty_percent_canopy": ("three_thirty_three_hundred",),
    "three_thirty_three_hundred": (
        "three_thirty_three_hundred",
        "three_thirty_three_hundred_by_home",
    ),
    "three_trees_in_view": ("three_thirty_three_hundred",),
    "tree_lined_road_share": ("tree_lined_road_share",),
    "tree_shrub_share": ("tree_shrub_share",),
    "unit_compliance_share": ("unit_green", "unit_list"),
    "unit_green_ratio": ("unit_green", "unit_list"),
    "who_300": ("who_300",),
    "who_300_1_ha": ("who_300",),
}
CHECK_ONLY = frozenset(
    {
        "advanced_unit_share",
        "demonstration_streets_per_district",
        "exemplary_yard_count",
        "garden_estate_count",
        "garden_estate_share",
        "garden_estate_share_by_area",
        "garden_unit_share",
        "garden_unit_share_by_area",
        "plantable_greened_share",
        "returned_farmland_area",
        "vertical_greening_area",
    }
)

COUNTS = ("explanation/what_counts_as_green", "what counts as green")
AREA = ("explanation/area_and_projection", "area and projection")
IMAGERY = ("explanation/imagery", "what an image shows")
REACH = ("explanation/reach", "reach: radius and walk")
ROADS = ("explanation/roads", "roads")
CLASSES = ("explanation/parks_by_class", "parks by class")
HEAT = ("explanation/heat_island", "the heat island")
YARDSTICKS = ("how_to/yardsticks", "international yardsticks")
ESTATES = ("how_to/estates", "estates, units, communities")
SUPPLIED = ("reference/manifest", "`[supplied]` in the manifest")
FIELD = ("how_to/field_check", "how sure an image is: the field check")
Pages = tuple[tuple[str, str], ...]

BY_BASIS: dict[str, Pages] = {
    "imagery": (COUNTS, IMAGERY, FIELD),
    "parcels": (COUNTS, AREA),
    "length": (ROADS,),
    "people": (REACH,),
    "reach": (REACH,),
    "other": (),
    "supplied": (SUPPLIED,),
}
BY_BEGINNING: dict[str, Pages] = {
    "heat_island": (HEAT,),
    "angst": (YARDSTICKS,),
    "who_300": (YARDSTICKS,),
    "three_t": (YARDSTICKS,),
    "thirty_percent": (YARDSTICKS,),
    "park_within_300_m": (YARDSTICKS,),
    "living_circle": (YARDSTICKS,),
    "sdg": (YARDSTICKS,),
    "comprehensive": (CLASSES,),
    "community_park": (CLASSES,),
    "park_area": (CLASSES, COUNTS),
    "main_road_green": (ROADS,),
    "secondary_road_green": (ROADS,),
    "garden_": (ESTATES,),
    "unit_": (ESTATES,),
    "advanced_unit": (ESTATES,),
    "new_residential": (ESTATES,),
    "rebuilt_residential": (ESTATES,),
    "exemplary": (ESTATES,),
}


def base_of(indicator: str) -> str:
    """Return the indicator itself of one that is told by homes or by land where nobody is counted."""
    return indicator.removesuffix("_of_homes").removesuffix("_of_land")


def further(indicator: str, basis: str) -> Pages:
    """Return the pages on what an indicator can and cannot tell."""
    own = (pages for start, pages in BY_BEGINNING.items() if indicator.startswith(start))
    return tuple(dict.fromkeys([*(page for pages in own for page in pages), *BY_BASIS[basis]]))
