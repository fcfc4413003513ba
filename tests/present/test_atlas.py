"""Atlas: an index first, a page for each theme, bookmarks, and one font for all."""

from __future__ import annotations

import matplotlib as mpl
import pytest
from pypdf import PdfReader

from greenspace.errors import CrsError, InputError
from greenspace.present.atlas import write_atlas_file
from tests.mapped import make_theme


def lines(count):
    """Return themes of squares in a row, 1 km wide and 2 km apart."""
    return [
        make_theme(
            title=f"绿线 L{place + 1:03d}",
            bounds=(571_000 + 2000 * place, 3_441_000, 572_000 + 2000 * place, 3_442_000),
            report={"drawing_number": "LX-07"},
        )
        for place in range(count)
    ]


@pytest.fixture(scope="module")
def atlas(tmp_path_factory):
    path = tmp_path_factory.mktemp("atlas") / "atlas.pdf"
    before = dict(mpl.rcParams)
    said = []
    write_atlas_file(
        lines(3),
        path,
        overview=make_theme(),
        size="A4",
        scale=10_000,
        said=lambda done, of: said.append((done, of)),
    )
    assert dict(mpl.rcParams) == before
    assert said == [(1, 4), (2, 4), (3, 4), (4, 4)]
    assert [item.name for item in path.parent.iterdir()] == ["atlas.pdf"]
    return PdfReader(path)


def test_the_index_comes_first_and_names_every_page(atlas):
    told = [page.extract_text() for page in atlas.pages]

    assert len(told) == 4
    assert "绿线规划图 · 图幅索引" in told[0]
    assert "图幅及页码，共 3 幅" in told[0]
    for place in (1, 2, 3):
        assert f"第 {place + 1} 页 绿线 L{place:03d}" in told[0]
        assert f"绿线 L{place:03d}" in told[place]
        assert f"第 {place + 1} 页 共 4 页" in told[place]
        assert "1:10 000" in told[place]


def test_bookmarks_and_labels_lead_to_the_pages(atlas):
    marks = [(item.title, atlas.get_destination_page_number(item)) for item in atlas.outline]

    assert marks == [
        ("绿线规划图 · 图幅索引", 0),
        ("绿线 L001", 1),
        ("绿线 L002", 2),
        ("绿线 L003", 3),
    ]
    assert atlas.page_labels == ["1", "2", "3", "4"]


def test_one_font_serves_all_pages(atlas):
    found = [page["/Resources"]["/Font"] for page in atlas.pages]
    fonts = {each.raw_get(name).idnum for each in found for name in each}

    assert 1 <= len(fonts) <= 2  # the second holds the glyphs beyond the first 256


def test_the_same_bytes_twice_and_nothing_replaced_unasked(tmp_path):
    first, second = (
        write_atlas_file(lines(1), tmp_path / name, size="A4") for name in ("a.pdf", "b.pdf")
    )

    assert first.read_bytes() == second.read_bytes()
    with pytest.raises(InputError):
        write_atlas_file(lines(1), first)
    assert first.read_bytes() == second.read_bytes()


def test_a_page_that_does_not_fit_is_named_before_anything_is_drawn(tmp_path):
    themes = lines(2)
    wide = make_theme(title="绿线 L003", bounds=(571_000, 3_441_000, 591_000, 3_442_000))

    with pytest.raises(InputError) as caught:
        write_atlas_file([*themes, wide], tmp_path / "atlas.pdf", scale=5000)

    assert "第 4 页《绿线 L003》" in caught.value.problem.zh
    assert caught.value.expected == 100_000  # 20 km on the 330 mm of an A3
    assert not list(tmp_path.iterdir())


def test_a_small_line_may_be_a_dot_on_a_page_of_a_fixed_scale(tmp_path):
    small = make_theme(bounds=(571_000, 3_441_000, 571_050, 3_441_050))

    assert write_atlas_file([small], tmp_path / "atlas.pdf", scale=10_000, size="A4").exists()


def test_no_pages_other_kinds_and_mixed_systems_are_refused(tmp_path):
    with pytest.raises(InputError):
        write_atlas_file([], tmp_path / "atlas.pdf")
    with pytest.raises(InputError):
        write_atlas_file(lines(1), tmp_path / "atlas.svg")
    with pytest.raises(CrsError):
        write_atlas_file([*lines(1), make_theme(crs=4548)], tmp_path / "atlas.pdf")


@pytest.mark.slow
def test_sixty_pages_take_less_than_a_minute(tmp_path):
    from time import monotonic

    start = monotonic()
    path = write_atlas_file(lines(60), tmp_path / "atlas.pdf", size="A3")

    assert len(PdfReader(path).pages) == 61
    assert path.stat().st_size < 1_000_000
    assert monotonic() - start < 60
