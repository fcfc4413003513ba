"""Commands: what the command line asks of the rooms, without a word printed.

Question   What does each command do, once its words are parsed?
Enters     Paths and options.
Leaves     Files, and what the console should show.
Elsewhere  Parsing, printing and exit codes: cli. Checking: pipeline.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from rich.console import Group
    from rich.table import Table
    from rich.text import Text as Line

    from greenspace.errors import GreenspaceError, InputError
    from greenspace.model.check import Check
    from greenspace.model.coverage_map import CoverageMap, LayerFile
    from greenspace.model.dates import DateComparison
    from greenspace.model.inspection import Inspection
    from greenspace.model.service_map import ServiceMap
    from greenspace.model.source import Finding
    from greenspace.model.words import Language, Text

    Progress = Callable[[int, int, Text], None]

MANIFEST = "city.toml"
UNNAMED = "未命名"


def view_check(check: Check, language: Language, width: int, *, ascii_only: bool) -> Group:
    """Return what the console shows of a check."""
    from greenspace.present.terminal import text_table

    return text_table(check, language, width, ascii_only=ascii_only)


def require_place(output: Path | None) -> None:
    """Refuse an annex that has no folder to go to."""
    if output is None:
        raise _no_place("内部附件没有地方可写。", "The internal annex has no place to go.")


def write_check(
    check: Check, folder: Path, *, force: bool, language: Language, annex: bool
) -> Path:
    """Write the results of a check, with the internal annex where asked."""
    from greenspace.sensitivity import rehearse

    inside = rehearse(check) if annex else None
    return check.write(folder, force=force, language=language, annex=inside)


def ask_dates(
    cities: list[Path],
    *,
    standard: str | None,
    output: Path | None,
    force: bool,
    say: Progress | None = None,
) -> DateComparison:
    """Compare dates of a city; refuse first where the results cannot be written."""
    from greenspace.dates import compare_dates

    if output is not None:
        for city in cities:
            require_free_folder(output, city, force=force)
    return compare_dates(cities, standard=standard, progress=say)


def view_dates(found: DateComparison, language: Language, width: int) -> Group:
    """Return what the console shows of a comparison of dates."""
    from greenspace.present.dates_files import dates_view

    return dates_view(found, language, width)


def ask_coverage(
    image: str | dict[str, str],
    zones: LayerFile,
    *,
    how: Mapping[str, Any],
    output: Path | None = None,
    files: bool = False,
    force: bool = False,
    say: Progress | None = None,
) -> CoverageMap:
    """Measure zones by an image; refuse first where the results cannot be written.

    Raises
    ------
    InputError
        Files are asked for and no folder is named; the folder may not be written; or what
        `measure_map` refuses.
    """
    from greenspace.coverage_map import measure_map, require_free
    from greenspace.present.asked import files_among
    from greenspace.present.command_words import command_words

    if files and output is None:
        raise _no_place(
            "掩膜或核查点没有地方可写。", "The mask, or the points, have no place to go."
        )
    if output is not None:
        require_free(
            output,
            files_among(
                image,
                zones,
                *(
                    how.get(name)
                    for name in ("mask", "threshold", "corrections", "canopy", "reference")
                ),
            ),
            force=force,
        )
    cover = measure_map(image, zones, progress=say, **how)
    said = tuple(replace(item, text=command_words(item.text)) for item in cover.findings)
    return replace(cover, findings=said)


def said_in_options(error: GreenspaceError, command: str) -> GreenspaceError:
    """Return a refusal with its next step in options of a command."""
    from greenspace.present.command_words import command_words

    error.problem = command_words(error.problem, command)
    error.remedy = None if error.remedy is None else command_words(error.remedy, command)
    return error


def write_coverage(
    cover: CoverageMap,
    folder: Path,
    *,
    mask: bool,
    smallest_m2: float,
    sample: int | None,
    seed: int,
    force: bool,
    language: Language,
    say: Progress | None = None,
) -> tuple[Path, tuple[Finding, ...]]:
    """Write table, layers and map of a coverage, and its mask where asked."""
    from greenspace.coverage_map import write_map

    return write_map(
        cover,
        folder,
        mask=mask,
        smallest_m2=smallest_m2,
        sample=sample,
        seed=seed,
        force=force,
        language=language,
        progress=say,
    )


def view_coverage(cover: CoverageMap, language: Language, width: int, *, ascii_only: bool) -> Group:
    """Return what the console shows of a coverage."""
    from greenspace.present.coverage_view import coverage_view

    return coverage_view(cover, language, width, ascii_only=ascii_only)


def ask_service(
    parks: LayerFile,
    residential: LayerFile,
    *,
    how: Mapping[str, Any],
    output: Path | None = None,
    force: bool = False,
    say: Progress | None = None,
) -> ServiceMap:
    """Measure what parks serve; refuse first where the results cannot be written.

    Raises
    ------
    InputError
        The folder may not be written, or what `measure_service` refuses.
    """
    from greenspace.present.asked import files_among
    from greenspace.present.command_words import command_words
    from greenspace.service_map import measure_service, require_free

    if output is not None:
        layers = (
            residential,
            *(how.get(name) for name in ("paths", "entrances", "barriers", "zones")),
        )
        files = files_among(str(parks.path), *layers)
        require_free(output, files, force=force)
    service = measure_service(parks, residential, progress=say, **how)
    said = (replace(item, text=command_words(item.text, "service")) for item in service.findings)
    return replace(service, findings=tuple(said))


def write_service(
    service: ServiceMap,
    folder: Path,
    *,
    force: bool,
    language: Language,
    say: Progress | None = None,
) -> Path:
    """Write tables, layers and maps of a service map; return the folder."""
    from greenspace.service_map import write_map

    return write_map(service, folder, force=force, language=language, progress=say)


def view_service(service: ServiceMap, language: Language, width: int, *, ascii_only: bool) -> Group:
    """Return what the console shows of a service map."""
    from greenspace.present.service_view import service_view

    return service_view(service, language, width, ascii_only=ascii_only)


def view_findings(found: tuple[Finding, ...], language: Language) -> Group:
    """Return what the console shows of findings that came after the table."""
    from rich.console import Group

    from greenspace.present.terminal import findings_lines

    return Group(*findings_lines(found, language))


def inspect_city(
    city: Path, *, output: Path | None = None, repair: bool = False, force: bool = False
) -> Inspection:
    """Find everything wrong with a city's inputs; refuse first where its results cannot be written.

    Raises
    ------
    InputError
        Repairs are asked for and no folder is named, or the folder may not be written.
    """
    from greenspace.validation import validate

    if repair and output is None:
        raise _no_place("修复后的副本没有地方可写。", "The repaired copies have no place to go.")
    if output is not None:
        require_free_folder(output, city, force=force)
    return validate(city, repair=repair)


def view_inspection(
    inspection: Inspection, language: Language, width: int, *, ascii_only: bool
) -> Group:
    """Return what the console shows of an inspection."""
    from greenspace.present.inspection import inspection_view

    return inspection_view(inspection, language, width, ascii_only=ascii_only)


def examine_installation(encoding: str | None, language: Language) -> tuple[list[str], bool]:
    """Return what is installed and missing, line by line, and whether every command can run."""
    from greenspace.doctor import examine, lines_of

    symptoms = examine(encoding)
    whole = all(item.state != "missing" for item in symptoms)
    return list(lines_of(symptoms, language)), whole


def show_anywhere(text: str, encoding: str | None) -> str:
    """Return text that a console of this encoding can show."""
    from greenspace.present.terminal import printable

    return printable(text, encoding)


def view_standards(
    own: tuple[Path, ...], language: Language, width: int, *, ascii_only: bool
) -> Table:
    """Return what the console shows of all standards, and of files of one's own."""
    from greenspace.editions import list_standards
    from greenspace.present.standards_view import list_view

    rows = list_standards(own).to_dict("records")
    return list_view(rows, language, width, ascii_only=ascii_only)


def view_standard(name: str, language: Language, width: int, *, ascii_only: bool) -> Group:
    """Return what the console shows of one standard."""
    from greenspace.editions import open_standard
    from greenspace.model.printed import printed
    from greenspace.present.standards_view import show_view
    from greenspace.read.definitions import read_addresses, read_indicators

    profile, level = open_standard(name)
    lines = printed(profile, read_indicators(), level)
    return show_view(profile, lines, read_addresses(), language, width, ascii_only=ascii_only)


def view_difference(
    first: str, second: str, language: Language, width: int, *, ascii_only: bool
) -> Group:
    """Return what the console shows of two standards held against each other."""
    from greenspace.editions import open_standard, pair_levels
    from greenspace.present.standards_view import diff_view

    titles = (open_standard(first)[0].id, open_standard(second)[0].id)
    pairs = pair_levels(first, second)
    return diff_view(titles, pairs, language, width, ascii_only=ascii_only)


def view_verification(
    folder: Path,
    manifest: Path | None,
    standard: str | None,
    language: Language,
    say: Progress | None = None,
) -> tuple[list[Line], bool]:
    """Return what the console shows of a folder held against its inputs, and whether all agrees.

    Raises
    ------
    InputError
        As `greenspace.verification.verify`.
    """
    from greenspace.present.verification_view import verification_lines
    from greenspace.verification import verify

    found = verify(folder, manifest=manifest, standard=standard, progress=say)
    return verification_lines(found, language), found.identical


def plain(text: str) -> str:
    """Return text on one line, without terminal escapes or other controls."""
    from greenspace.present.words import clean

    return clean(text)


def draft_city(folder: Path, *, name: str | None = None, force: bool = False) -> Path:
    """Write a draft of ``city.toml`` from what lies in a folder, and return its path.

    Parameters
    ----------
    name
        Of the city; default: the folder's.
    force
        Replace a manifest that is there.

    Raises
    ------
    InputError
        The folder does not exist, or it holds a manifest and `force` is not set.
    """
    from greenspace.present.draft import draft_manifest
    from greenspace.present.folder import write_text_atomically
    from greenspace.read.scan import scan_folder

    candidates = scan_folder(folder)
    named = plain(name or folder.absolute().name) or UNNAMED
    text = draft_manifest(candidates, named)
    return write_text_atomically(folder / MANIFEST, text, force=force)


def sample_city(folder: Path, *, seed: int | None = None, force: bool = False) -> Path:
    """Write the made-up sample city into a folder, and return the path of its manifest.

    Raises
    ------
    InputError
        The folder holds other files and `force` is not set.
    """
    from greenspace.sample import write_sample

    if seed is None:
        return write_sample(folder, force=force)
    return write_sample(folder, seed=seed, force=force)


def require_free_folder(folder: Path, manifest: Path, *, force: bool) -> None:
    """Refuse a folder for results that may not be written, before anything is computed.

    Raises
    ------
    InputError
        As `Check.write` would.
    """
    from greenspace.present.folder import check_target

    check_target(folder.expanduser().resolve(), force=force, protected=[manifest.absolute()])


def _no_place(zh: str, en: str) -> InputError:
    from greenspace.errors import InputError
    from greenspace.model.words import Text

    return InputError(zh, en, remedy=Text(zh="请加 -o 文件夹。", en="Name a folder with -o."))
