"""greenspace: measure a city's green space as the 国家园林城市 remote-sensing check does."""

from __future__ import annotations

from typing import TYPE_CHECKING

__version__ = "0.1.0"

if TYPE_CHECKING:
    from greenspace.alignment import image_shift
    from greenspace.api import (
        green_coverage,
        green_space_ratio,
        park_area_per_capita,
        service_coverage,
    )
    from greenspace.assessment import assess
    from greenspace.balance import compensation
    from greenspace.catchment import catchment_access
    from greenspace.class_codes import convert_classes
    from greenspace.climate import heat_island
    from greenspace.communities import community_sheet
    from greenspace.comparison import green_change
    from greenspace.dates import compare_dates
    from greenspace.declaration import compare_declared
    from greenspace.delimitation import green_lines
    from greenspace.drawing_export import write_drawing
    from greenspace.editions import compare_standards, standard, standards
    from greenspace.errors import GreenspaceError
    from greenspace.exchange import write_layer
    from greenspace.field_check import draw_reference_sample
    from greenspace.greenland import (
        green_space_ratio_of_city_area,
        production_green_share,
        protective_green_implementation,
    )
    from greenspace.greenways import greenway_length_per_10k, greenway_service_coverage
    from greenspace.guard import encroachment
    from greenspace.imagery import vegetation
    from greenspace.judging import judge
    from greenspace.line_plan import green_line_plan
    from greenspace.line_points import control_points, read_control_points
    from greenspace.map_sheets import write_atlas, write_map
    from greenspace.mask_export import write_mask
    from greenspace.measure.accuracy import area_estimate
    from greenspace.measure.equity import gini, lorenz
    from greenspace.measure.sample_size import sample_size
    from greenspace.model.assessment import Assessment
    from greenspace.model.check import Check
    from greenspace.model.city import City
    from greenspace.model.green_line_plan import GreenLinePlan
    from greenspace.model.inspection import Inspection
    from greenspace.model.quantity import Ratio, RatioTable
    from greenspace.new_parks import new_park_gain, park_contributions
    from greenspace.parcel_green import estate_green, estate_list, unit_green, unit_list
    from greenspace.park_interior import park_greening_share, square_greening_share
    from greenspace.parks_by_class import comprehensive_parks_per_10k, park_area_by_class
    from greenspace.pipeline import check
    from greenspace.plots import (
        plot_change,
        plot_green_lines,
        plot_green_space,
        plot_old_trees,
        plot_service,
        plot_tree_lined_roads,
        plot_zoning,
    )
    from greenspace.present.interactive import interactive_map
    from greenspace.province import check_all
    from greenspace.read.city import read_city
    from greenspace.read.queried import read_postgis
    from greenspace.read.vector import read_layer
    from greenspace.sensitivity import rehearse
    from greenspace.served import residents_served, residents_served_on_foot
    from greenspace.sharing import fairness
    from greenspace.species import native_plant_index, species_index
    from greenspace.standing_lines import approved_lines
    from greenspace.storeys import tree_shrub_share
    from greenspace.streets import (
        road_green_belt_share,
        road_green_compliance,
        road_greening_rate,
        tree_lined_road_share,
    )
    from greenspace.tally import corrected
    from greenspace.three_thirty import (
        three_thirty_three_hundred,
        three_thirty_three_hundred_by_home,
    )
    from greenspace.tree_protection import tree_zones
    from greenspace.validation import validate
    from greenspace.verification import verify
    from greenspace.walking import network_service_coverage, walking_distance
    from greenspace.waysides import corridor_greening, permeable_share, riverbank_greening
    from greenspace.yardsticks import angst, living_circles, sdg_11_7_1, who_300
    from greenspace.zoned_park import park_zoning

_HOMES = {
    "greenway_service_coverage": "greenspace.greenways",
    "greenway_length_per_10k": "greenspace.greenways",
    "riverbank_greening": "greenspace.waysides",
    "permeable_share": "greenspace.waysides",
    "corridor_greening": "greenspace.waysides",
    "Assessment": "greenspace.model.assessment",
    "Check": "greenspace.model.check",
    "City": "greenspace.model.city",
    "GreenspaceError": "greenspace.errors",
    "Inspection": "greenspace.model.inspection",
    "Ratio": "greenspace.model.quantity",
    "RatioTable": "greenspace.model.quantity",
    "angst": "greenspace.yardsticks",
    "approved_lines": "greenspace.standing_lines",
    "area_estimate": "greenspace.measure.accuracy",
    "assess": "greenspace.assessment",
    "catchment_access": "greenspace.catchment",
    "check": "greenspace.pipeline",
    "check_all": "greenspace.province",
    "comprehensive_parks_per_10k": "greenspace.parks_by_class",
    "control_points": "greenspace.line_points",
    "compare_declared": "greenspace.declaration",
    "community_sheet": "greenspace.communities",
    "convert_classes": "greenspace.class_codes",
    "compare_dates": "greenspace.dates",
    "compensation": "greenspace.balance",
    "encroachment": "greenspace.guard",
    "corrected": "greenspace.tally",
    "estate_green": "greenspace.parcel_green",
    "estate_list": "greenspace.parcel_green",
    "fairness": "greenspace.sharing",
    "gini": "greenspace.measure.equity",
    "green_change": "greenspace.comparison",
    "green_lines": "greenspace.delimitation",
    "draw_reference_sample": "greenspace.field_check",
    "green_coverage": "greenspace.api",
    "green_space_ratio": "greenspace.api",
    "green_space_ratio_of_city_area": "greenspace.greenland",
    "heat_island": "greenspace.climate",
    "image_shift": "greenspace.alignment",
    "interactive_map": "greenspace.present.interactive",
    "judge": "greenspace.judging",
    "living_circles": "greenspace.yardsticks",
    "lorenz": "greenspace.measure.equity",
    "native_plant_index": "greenspace.species",
    "new_park_gain": "greenspace.new_parks",
    "network_service_coverage": "greenspace.walking",
    "park_area_by_class": "greenspace.parks_by_class",
    "park_area_per_capita": "greenspace.api",
    "park_greening_share": "greenspace.park_interior",
    "park_zoning": "greenspace.zoned_park",
    "park_contributions": "greenspace.new_parks",
    "production_green_share": "greenspace.greenland",
    "protective_green_implementation": "greenspace.greenland",
    "plot_change": "greenspace.plots",
    "plot_green_lines": "greenspace.plots",
    "plot_green_space": "greenspace.plots",
    "plot_old_trees": "greenspace.plots",
    "plot_service": "greenspace.plots",
    "plot_tree_lined_roads": "greenspace.plots",
    "plot_zoning": "greenspace.plots",
    "read_city": "greenspace.read.city",
    "read_control_points": "greenspace.line_points",
    "read_layer": "greenspace.read.vector",
    "read_postgis": "greenspace.read.queried",
    "rehearse": "greenspace.sensitivity",
    "residents_served": "greenspace.served",
    "residents_served_on_foot": "greenspace.served",
    "road_green_belt_share": "greenspace.streets",
    "road_green_compliance": "greenspace.streets",
    "road_greening_rate": "greenspace.streets",
    "sample_size": "greenspace.measure.sample_size",
    "sdg_11_7_1": "greenspace.yardsticks",
    "service_coverage": "greenspace.api",
    "square_greening_share": "greenspace.park_interior",
    "standard": "greenspace.editions",
    "standards": "greenspace.editions",
    "compare_standards": "greenspace.editions",
    "three_thirty_three_hundred": "greenspace.three_thirty",
    "three_thirty_three_hundred_by_home": "greenspace.three_thirty",
    "species_index": "greenspace.species",
    "tree_lined_road_share": "greenspace.streets",
    "tree_shrub_share": "greenspace.storeys",
    "tree_zones": "greenspace.tree_protection",
    "unit_green": "greenspace.parcel_green",
    "unit_list": "greenspace.parcel_green",
    "validate": "greenspace.validation",
    "vegetation": "greenspace.imagery",
    "verify": "greenspace.verification",
    "who_300": "greenspace.yardsticks",
    "walking_distance": "greenspace.walking",
    "green_line_plan": "greenspace.line_plan",
    "GreenLinePlan": "greenspace.model.green_line_plan",
    "write_drawing": "greenspace.drawing_export",
    "write_atlas": "greenspace.map_sheets",
    "write_layer": "greenspace.exchange",
    "write_map": "greenspace.map_sheets",
    "write_mask": "greenspace.mask_export",
}

__all__ = [
    "Assessment",
    "Check",
    "City",
    "GreenLinePlan",
    "GreenspaceError",
    "Inspection",
    "Ratio",
    "RatioTable",
    "__version__",
    "angst",
    "approved_lines",
    "area_estimate",
    "assess",
    "catchment_access",
    "check",
    "check_all",
    "community_sheet",
    "compare_dates",
    "compare_declared",
    "compare_standards",
    "compensation",
    "comprehensive_parks_per_10k",
    "control_points",
    "convert_classes",
    "corrected",
    "corridor_greening",
    "draw_reference_sample",
    "encroachment",
    "estate_green",
    "estate_list",
    "fairness",
    "gini",
    "green_change",
    "green_coverage",
    "green_line_plan",
    "green_lines",
    "green_space_ratio",
    "green_space_ratio_of_city_area",
    "greenway_length_per_10k",
    "greenway_service_coverage",
    "heat_island",
    "image_shift",
    "interactive_map",
    "judge",
    "living_circles",
    "lorenz",
    "native_plant_index",
    "network_service_coverage",
    "new_park_gain",
    "park_area_by_class",
    "park_area_per_capita",
    "park_contributions",
    "park_greening_share",
    "park_zoning",
    "permeable_share",
    "plot_change",
    "plot_green_lines",
    "plot_green_space",
    "plot_old_trees",
    "plot_service",
    "plot_tree_lined_roads",
    "plot_zoning",
    "production_green_share",
    "protective_green_implementation",
    "read_city",
    "read_control_points",
    "read_layer",
    "read_postgis",
    "rehearse",
    "residents_served",
    "residents_served_on_foot",
    "riverbank_greening",
    "road_green_belt_share",
    "road_green_compliance",
    "road_greening_rate",
    "sample_size",
    "sdg_11_7_1",
    "service_coverage",
    "species_index",
    "square_greening_share",
    "standard",
    "standards",
    "three_thirty_three_hundred",
    "three_thirty_three_hundred_by_home",
    "tree_lined_road_share",
    "tree_shrub_share",
    "tree_zones",
    "unit_green",
    "unit_list",
    "validate",
    "vegetation",
    "verify",
    "walking_distance",
    "who_300",
    "write_atlas",
    "write_drawing",
    "write_layer",
    "write_map",
    "write_mask",
]


def __getattr__(name: str) -> object:
    """Load a public name from its room the first time it is asked for."""
    if name not in _HOMES:
        raise AttributeError(f"module 'greenspace' has no attribute {name!r}")
    from importlib import import_module

    value = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """Return the public names."""
    return __all__
