"""Annex: the page that stays in the office.

Question   How likely is each row to be met, and which reading of a rule decides?
Enters     A Check, its Annex, a language.
Leaves     One HTML text, marked as internal on every page; nothing asked of any network.
Elsewhere  What is handed in: report. The numbers: evaluate/rehearsal, the composer sensitivity.
"""

from __future__ import annotations

import base64
import re
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined

from greenspace.model.words import Text
from greenspace.present.display import UNDEFINED, show, show_threshold, shown_unit
from greenspace.present.record import software_version
from greenspace.present.rows import banner
from greenspace.present.sensitivity_chart import draw_outcomes
from greenspace.present.sheets import render
from greenspace.present.webfont import page_font
from greenspace.present.words import MARKS, VERDICTS, clean

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from greenspace.model.check import Check
    from greenspace.model.rehearsal import Annex, Outcome, Passing
    from greenspace.model.words import Language

    Page = dict[str, Any]

CITED: Final = re.compile(r"\[([^\]]+)\]")
LANG: Final = {"zh": "zh-CN", "en": "en"}
SIGNS: Final = {">=": "≥", "<=": "≤", ">": ">", "<": "<"}
LEAST: Final = 0.001
T: Final[Mapping[str, Text]] = {
    "internal": Text("内部资料 · 不报送、不外传", "Internal: not to be handed in or passed on"),
    "title": Text("{name} 内部附件：预演", "{name}: internal annex to the rehearsal"),
    "passing": Text("达标的概率", "Probability of passing"),
    "passing_note": Text(
        "仅列由影像得出的条目。概率 = 1 − Φ((数值 − 误差校正估计) / 标准误)（越低越好的指标反之），"
        "以正态曲线近似，只反映影像解译的误差：不含边界、人口、标准读法的不确定，也不含影像不可见部分。"
        "评定按图上数值，不按此概率；“大于”与“不小于”在此近似下相同。",
        "Rows that rest on an image. The probability is 1 − Φ((number − error-adjusted estimate) / "
        "standard error), reversed where lower is better: an approximation by the normal curve. It "
        "holds the errors of the map alone, not those of the boundary, the population or the "
        "reading of the standard, nor ground that the image does not show. The mapped value is "
        "judged, not this; '>' and '≥' are the same in this approximation.",
    ),
    "no_passing": Text("没有由影像得出的条目。", "No row rests on an image."),
    "indicator": Text("指标", "indicator"),
    "mapped": Text("图上数值", "as mapped"),
    "estimate": Text("误差校正估计", "error-adjusted estimate"),
    "error": Text("标准误", "standard error"),
    "threshold": Text("标准的数值", "number of the standard"),
    "probability": Text("达标概率（近似）", "probability (approximate)"),
    "sensitivity": Text("有争议的读法", "Disputed readings"),
    "sensitivity_note": Text(
        "对每一处有争议或未写明的规定，按各种读法重新量算并对照标准。"
        "粗体“改变结论”的读法决定这一行：申报前应向评审方问清。",
        "Wherever a rule is disputed or silent, the city was measured again by each reading and "
        "held against the standard. A reading that changes the verdict decides its row: ask which "
        "one the reviewers follow before you apply.",
    ),
    "deciding": Text("会改变结论的读法", "Readings that change a verdict"),
    "none_decides": Text("没有读法会改变结论。", "No reading changes a verdict."),
    "reading": Text("读法", "reading"),
    "source": Text("出处", "source"),
    "value": Text("数值", "value"),
    "verdict": Text("结论", "verdict"),
    "changes": Text("改变结论", "changes the verdict"),
    "checked": Text("核查所用", "used by the check"),
    "unmeasured": Text("未能量算的争议", "Disputes that were not measured"),
    "addresses": Text("出处地址", "Addresses"),
    "chart": Text("各读法的数值与标准", "Values by reading, against the standard"),
    "made": Text("由 greenspace {version} 生成", "Made with greenspace {version}"),
}


def annex_html(check: Check, annex: Annex, language: Language) -> str:
    """Return the annex as one HTML page."""
    words = {key: text.of(language) for key, text in T.items()}
    page: Page = {
        "lang": LANG[language],
        "version": software_version(),
        "title": words["title"].format(name=clean(check.city.name)),
        "standard": clean(check.standard),
        "date": "" if check.city.date is None else check.city.date.isoformat(),
        "banner": banner(check, language),
        "passings": [_passing(item, language) for item in annex.passings],
        "deciding": [_sentence(item, language) for item in annex.deciding],
        "topics": _topics(annex, language),
        "unmeasured": [
            (clean(topic.title.of(language)), clean(reason.of(language)))
            for topic, reason in annex.unmeasured
        ],
        "addresses": _addresses(check, annex),
        "made": words["made"].format(version=software_version()),
    }
    template = _environment().get_template("annex.html.j2")
    bare = template.render(page=page, t=words, font="", chart="")
    chart = _chart(annex, language)
    return str(template.render(page=page, t=words, font=page_font(bare), chart=chart))


def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("greenspace.present", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _chart(annex: Annex, language: Language) -> str:
    drawn = [item for item in annex.outcomes if item.value is not None]
    if not drawn:
        return ""
    png, _ = render(partial(draw_outcomes, drawn, language))
    return base64.b64encode(png).decode("ascii")


def shown_probability(probability: float | None) -> str:
    """Return a probability in percent, never as a certainty that it is not.

    Examples
    --------
    >>> shown_probability(0.9772), shown_probability(0.99999), shown_probability(None)
    ('97.7%', '>99.9%', '—')
    """
    if probability is None:
        return UNDEFINED
    if 0 < probability < LEAST:
        return f"<{LEAST:.1%}"
    if 1 - LEAST < probability < 1:
        return f">{1 - LEAST:.1%}"
    return f"{probability:.1%}"


def _passing(item: Passing, language: Language) -> Page:
    unit = shown_unit(item.indicator, item.unit)
    place = f" ({clean(item.place)})" if item.place else ""
    return {
        "name": f"{clean(item.name.of(language))}{place}",
        "standard": clean(item.standard),
        "mapped": show(item.mapped, unit, language),
        "estimate": show(item.estimate, unit, language),
        "error": show(item.standard_error, unit, language),
        "threshold": _bar(item.threshold, unit, item.operator, language),
        "probability": shown_probability(item.probability),
        "reason": "" if item.reason is None else clean(item.reason.of(language)),
    }


def _bar(threshold: float | None, unit: str, operator: str, language: Language) -> str:
    if threshold is None:
        return UNDEFINED
    return f"{SIGNS[operator]} {show_threshold(threshold, unit, language)}"


def _topics(annex: Annex, language: Language) -> list[Page]:
    gathered: dict[str, list[Outcome]] = {}
    for item in annex.outcomes:
        gathered.setdefault(item.topic.id, []).append(item)
    return [
        {
            "title": clean(items[0].topic.title.of(language)),
            "question": clean(items[0].topic.question.of(language)),
            "rows": [_row(item, language) for item in items],
        }
        for items in gathered.values()
    ]


def _row(item: Outcome, language: Language) -> Page:
    unit = shown_unit(item.indicator, item.unit)
    bars = [_bar(value, unit, item.operator, language) for value in item.thresholds]
    mark = "" if item.reading.mark is None else MARKS[item.reading.mark].of(language)
    return {
        "name": clean(item.name.of(language)),
        "standard": clean(item.standard),
        "reading": clean(item.reading.text.of(language)),
        "default": item.default,
        "mark": f"{mark} {item.reading.address}".strip(),
        "value": show(item.value, unit, language),
        "threshold": " / ".join(bars) or UNDEFINED,
        "verdict": item.verdict or "not_assessable",
        "verdict_word": VERDICTS[item.verdict or "not_assessable"].of(language),
        "changes": item.changes,
        "reason": "" if item.reason is None else clean(item.reason.of(language)),
    }


def _sentence(item: Outcome, language: Language) -> str:
    row = _row(item, language)
    title = clean(item.topic.title.of(language))
    stop = "：" if language == "zh" else ": "
    return (
        f"{row['name']} ({row['standard']}) — {title}{stop}{row['reading']} → "
        f"{row['value']}, {row['verdict_word']}"
    )


def _addresses(check: Check, annex: Annex) -> Sequence[tuple[str, str]]:
    cited = " ".join(item.reading.address for item in annex.outcomes)
    keys = dict.fromkeys(CITED.findall(cited))
    known = [key for key in check.addresses if key in keys]
    return [(f"[{key}]", clean(check.addresses[key])) for key in known]
