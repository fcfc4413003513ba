"""Which public names belong to which task: the pages of the API, in this order.

A task has a title, what it is about, its functions and the classes of what they return. Every name
of ``greenspace.__all__`` stands in one task; a test holds that.
"""

from __future__ import annotations

from typing import NamedTuple


class Task(NamedTuple):
    """One page of the API."""

    title: str
    about: str
    names: tuple[str, ...]
    values: tuple[str, ...] = ()


MODEL = "greenspace.model"
TASKS: dict[str, Task] = {
    "check": Task(
        "A whole city",
        "From a manifest to verdicts, and the same at several dates.",
        (
            "check",
            "read_city",
            "validate",
            "verify",
            "compare_dates",
            "compare_declared",
            "rehearse",
            "community_sheet",
        ),
        (
            f"{MODEL}.check.Measured",
            f"{MODEL}.verdict.Verdict",
            f"{MODEL}.verdict.Overall",
            f"{MODEL}.city.ImageSpec",
            f"{MODEL}.city.MaskSpec",
            f"{MODEL}.city.VegetationMethod",
            f"{MODEL}.city.SamplesSpec",
            f"{MODEL}.city.AccuracyRecord",
            f"{MODEL}.city.HeatRecord",
            f"{MODEL}.city.Provenance",
            f"{MODEL}.trajectory.Baseline",
            f"{MODEL}.inspection.Spot",
            f"{MODEL}.inspection.Mended",
            f"{MODEL}.verification.Verification",
            f"{MODEL}.verification.Unlike",
            f"{MODEL}.verification.Replaced",
            f"{MODEL}.dates.DateComparison",
            f"{MODEL}.rehearsal.Annex",
            f"{MODEL}.rehearsal.Outcome",
        ),
    ),
    "cities": Task(
        "Many cities",
        "A province or the whole country as one table: which indicator fails most, and where.",
        ("check_all",),
        (
            f"{MODEL}.league.League",
            f"{MODEL}.league.CityRow",
            f"{MODEL}.league.CityVerdict",
            f"{MODEL}.league.Tally",
            f"{MODEL}.league.Standing",
        ),
    ),
    "standards": Task(
        "Standards",
        "What each edition asks, how sure each number is, and judging numbers of your own.",
        ("standards", "standard", "compare_standards", "judge"),
        (
            f"{MODEL}.definition.Profile",
            f"{MODEL}.definition.Criterion",
            f"{MODEL}.definition.Threshold",
            f"{MODEL}.definition.Parameter",
            f"{MODEL}.definition.Condition",
            f"{MODEL}.definition.Citation",
        ),
    ),
    "layers": Task(
        "Reading and writing layers",
        "Files, databases and class codes; nothing is guessed silently.",
        ("read_layer", "read_postgis", "write_layer", "convert_classes"),
        (f"{MODEL}.written.Written",),
    ),
    "imagery": Task(
        "Images and vegetation",
        "From an image to green coverage, its change between two dates, and how sure it is.",
        (
            "vegetation",
            "corrected",
            "green_coverage",
            "tree_shrub_share",
            "green_change",
            "image_shift",
            "write_mask",
            "sample_size",
            "draw_reference_sample",
            "assess",
            "area_estimate",
        ),
        (
            "greenspace.prepare.vegetation.Vegetation",
            "greenspace.prepare.land_cover.LandCover",
            "greenspace.prepare.corrections.Corrected",
            "greenspace.prepare.decision.Decision",
            f"{MODEL}.land_cover.CoverTable",
            f"{MODEL}.land_cover.CodeGroup",
            f"{MODEL}.change.ChangeTable",
            f"{MODEL}.change.Change",
            f"{MODEL}.image_shift.ImageShift",
            "greenspace.measure.sample_size.SampleSize",
            f"{MODEL}.reference_sample.ReferenceSample",
            f"{MODEL}.estimate.AreaEstimate",
            f"{MODEL}.estimate.Estimate",
        ),
    ),
    "parcels": Task(
        "Green land and parks",
        "Ratios of parcels: green space, parks for each person and by class, estates and units.",
        (
            "green_space_ratio",
            "green_space_ratio_of_city_area",
            "production_green_share",
            "protective_green_implementation",
            "park_area_per_capita",
            "park_area_by_class",
            "comprehensive_parks_per_10k",
            "park_greening_share",
            "square_greening_share",
            "estate_green",
            "estate_list",
            "unit_green",
            "unit_list",
        ),
    ),
    "reach": Task(
        "Who is served",
        "Service radii, walks, candidates for new parks, and how evenly parks are shared.",
        (
            "service_coverage",
            "network_service_coverage",
            "walking_distance",
            "residents_served",
            "residents_served_on_foot",
            "catchment_access",
            "park_contributions",
            "new_park_gain",
            "fairness",
            "gini",
            "lorenz",
            "who_300",
            "angst",
            "three_thirty_three_hundred",
            "three_thirty_three_hundred_by_home",
            "living_circles",
            "sdg_11_7_1",
        ),
        (f"{MODEL}.fairness.Fairness",),
    ),
    "roads": Task(
        "Roads, waysides, plants and air",
        "Tree-lined roads, road greening, banks, greenways, species, the heat island.",
        (
            "tree_lined_road_share",
            "road_greening_rate",
            "road_green_compliance",
            "road_green_belt_share",
            "corridor_greening",
            "riverbank_greening",
            "permeable_share",
            "greenway_length_per_10k",
            "greenway_service_coverage",
            "species_index",
            "native_plant_index",
            "heat_island",
        ),
    ),
    "green_lines": Task(
        "Green lines, old trees, zoning",
        "Lines that planners draw, their points, and what comes too near.",
        (
            "green_lines",
            "approved_lines",
            "green_line_plan",
            "control_points",
            "read_control_points",
            "encroachment",
            "compensation",
            "tree_zones",
            "park_zoning",
            "write_drawing",
            "GreenLinePlan",
        ),
        (
            f"{MODEL}.green_line.GreenLines",
            f"{MODEL}.green_line.Limits",
            f"{MODEL}.control_points.ControlPoints",
            f"{MODEL}.encroachment.Guard",
            f"{MODEL}.compensation.Compensation",
            f"{MODEL}.tree_zones.TreeZones",
            f"{MODEL}.zoning.Zoning",
            f"{MODEL}.plan_check.PlanCheck",
        ),
    ),
    "maps": Task(
        "Maps",
        "Each takes a result; nothing is measured anew. Pictures: [gallery]({docs}/gallery/index.md).",
        (
            "plot_green_space",
            "plot_service",
            "plot_tree_lined_roads",
            "plot_green_lines",
            "plot_change",
            "plot_old_trees",
            "plot_zoning",
            "write_map",
            "write_atlas",
            "interactive_map",
        ),
    ),
    "results": Task(
        "What a number is",
        "The classes that every task shares: a number with its two halves, its sources and findings.",
        ("Ratio", "RatioTable", "Check", "City", "Inspection", "Assessment"),
        (
            f"{MODEL}.ratio.Interval",
            f"{MODEL}.source.Source",
            f"{MODEL}.source.Finding",
            f"{MODEL}.words.Text",
        ),
    ),
    "errors": Task(
        "Refusals",
        "Every one says what was expected, what was found, where, and what to do next, in two "
        "languages, and carries the same facts as attributes. All are `ValueError`s too.",
        ("GreenspaceError",),
    ),
}
