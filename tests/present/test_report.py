"""Report: self-contained, escaped, complete, in its order."""

from __future__ import annotations

import base64
import re
from dataclasses import replace
from html.parser import HTMLParser
from io import BytesIO

import pytest
from fontTools.ttLib import TTFont

from greenspace.present import webfont
from greenspace.present.report import report_html
from greenspace.present.sheets import Sheet

MAP = Sheet(name="green_space", title="建成区绿地分布图", png=b"\x89PNG", pdf=b"")


class Page(HTMLParser):
    """Tags with their attributes, and the text outside style."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.words, self.open = [], [], []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        self.open.append(tag)

    def handle_endtag(self, tag):
        while self.open and self.open.pop() != tag:
            pass

    def handle_data(self, data):
        if "style" not in self.open:
            self.words.append(data)

    @property
    def text(self):
        return " ".join(" ".join(self.words).split())


@pytest.fixture(params=["zh", "en"])
def language(request):
    return request.param


def test_nothing_is_fetched_from_anywhere(check, language):
    html = report_html(check, language, [MAP])
    page = Page(html)

    assert not {"script", "link", "iframe", "object", "base"} & {tag for tag, _ in page.tags}
    for _, attributes in page.tags:
        for key in ("src", "href", "srcset", "data", "action"):
            assert attributes.get(key, "data:").startswith(("data:", "#"))
        assert not any(key.startswith("on") for key in attributes)
    assert all(url.startswith("data:") for url in re.findall(r"url\(([^)]*)\)", html))
    assert "@import" not in html
    assert "http://" not in html
    assert "https://" not in html


def test_the_language_is_declared(check):
    assert '<html lang="zh-CN">' in report_html(check, "zh")
    assert '<html lang="en">' in report_html(check, "en")


def test_words_from_files_are_escaped(check, language, nasty):
    evil = replace(check.city, name=nasty, report={"<i>": "<img src=x onerror=alert(1)>"})
    html = report_html(replace(check, city=evil), language, [MAP])

    assert "<script" not in html
    assert "<img src=x" not in html
    assert "<i>" not in html
    assert nasty in Page(html).text


def test_everything_is_there_in_its_order(check):
    text = Page(report_html(check, "zh", [MAP])).text.partition("14. 标准与依据 ")
    text = text[0].partition("1. 门槛指标")[0] + text[2]  # the contents are names too
    order = [
        "清河（虚构）城市绿化遥感核查预演",
        "本城市纯属虚构",
        "编制",
        "总评：未通过",
        "1. 门槛指标",
        "2010-12-01",
        "评审将在此终止",
        "2. 其他指标",
        "3. 表 1：绿地三项指标",
        "4. 分区结果",
        "5. 各类绿地面积",
        "6. 公园与服务半径",
        "7. 城市填报项目",
        "8. 图件",
        "9. 另列：随附规范 GB55014-2021",
        "10. 精度与区间",
        "11. 输入文件",
        "a" * 64,
        "12. 发现",
        "13. 数值的定义与来源",
        "14. 标准与依据",
        "由 greenspace",
    ]
    places = [text.index(piece) for piece in order]

    assert places == sorted(places)


def test_maps_are_inlined_and_missing_ones_named(check):
    page = Page(report_html(check, "zh", [MAP]))
    images = [attributes["src"] for tag, attributes in page.tags if tag == "img"]

    assert images == ["data:image/png;base64," + base64.b64encode(b"\x89PNG").decode()]
    assert "《建成区植被覆盖图》未绘制" in page.text
    assert "《建成区绿地分布图》缺少数据" not in page.text


def test_the_lowest_district_is_marked_and_shares_agree_with_the_verdict(check):
    html = report_html(check, "en")

    assert re.search(r'class="n lowest"><a href="#number-0">32\.06%</a> <small>lowest', html)
    assert html.count("36.00%") == 0  # it fails 36 %: 35.996 % everywhere
    assert "35.996%" in html


def test_each_number_opens_to_its_halves(check):
    page = Page(report_html(check, "en"))

    assert sum(tag == "details" for tag, _ in page.tags) == len(check.measured) + len(
        check.city.supplied
    )
    assert "36.00 ha (359,960.00 m²)" in page.text
    assert "area(a & b) / area(b)" in page.text
    assert "CGCS2000 / 3-degree Gauss-Kruger CM 114E (EPSG:4547)" in page.text
    assert "33.00%–38.00% (95%)" in page.text


def test_provisional_numbers_have_their_banner_on_every_table(check):
    html = report_html(check, "zh")
    sure = replace(check, verdicts=tuple(replace(v, mark="weak") for v in check.verdicts))

    assert html.count('class="banner"') >= 5
    assert 'class="banner"' not in report_html(sure, "zh")


def test_the_page_carries_every_glyph_it_shows(check, language):
    html = report_html(check, language, [MAP])
    packed = re.search(r"font/woff;base64,([^)]+)\)", html).group(1)
    known = TTFont(BytesIO(base64.b64decode(packed))).getBestCmap()

    needed = {char for char in Page(html).text if "\u4e00" <= char <= "\u9fff"}

    assert {char for char in needed if ord(char) not in known} == set()
    assert ord("布") in known or language == "en"


def test_without_a_font_the_page_is_still_there(check, monkeypatch):
    monkeypatch.setattr(webfont, "carried_fonts", tuple)

    assert "@font-face" not in report_html(check, "zh")


def test_a_check_with_nothing_in_it(check, language):
    bare = replace(
        check,
        verdicts=(),
        measured=(),
        findings=(),
        inputs=(),
        layers={},
        picture=None,
        crs=None,
        profiles=(),
        overall=replace(check.overall, verdict="not_assessable", review_ends=()),
        city=replace(check.city, date=None, population=None, report={}, images=()),
    )

    assert "</html>" in report_html(bare, language)


def test_addresses_of_the_cited_numbers_are_listed_and_no_others(check):
    known = {"25": "http://example.org/25", "999": "http://example.org/999"}
    text = report_html(replace(check, addresses=known), "en")
    assert "http://example.org/25" in text
    assert "http://example.org/999" not in text
