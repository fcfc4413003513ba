"""A card an indicator, from its TOML: both names, halves, layers, thresholds with marks, readings."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from api_pages import role
from indicator_links import FUNCTIONS, base_of, further
from writing import MARKS, addresses, asks, facts, item_name, read_in, table

from greenspace.model.layers import LAYERS
from greenspace.model.printed import THRESHOLD, printed
from greenspace.model.words import Text
from greenspace.present.display import show_tiers, shown_unit
from greenspace.present.words import OTHER_INPUTS
from greenspace.read.definitions import list_profiles, read_addresses, read_indicators
from greenspace.read.readings import read_topics

if TYPE_CHECKING:
    from greenspace.model.definition import Indicator, Profile
    from greenspace.model.printed import Printed
    from greenspace.model.rehearsal import Reading, Topic

BASES = {
    "imagery": "Imagery: where plants are",
    "parcels": "Parcels: land by its use",
    "people": "People: for each resident",
    "reach": "Reach: within a distance",
    "length": "Lengths: roads and corridors",
    "other": "Records, registers, counts",
    "supplied": "Supplied by the office: no layer gives them",
}
UNITS = {
    "1": "a share, 0 to 1 inside, shown in %",
    "m2": "m²",
    "m2/person": "m² a person",
    "m": "m",
    "count": "a plain number",
    "person": "persons",
    "degC": "°C",
}
TABLES = {
    "population": "[city]",
    "image": "[[image]]",
    "stations": "[heat]",
    "species": "[species]",
}
NAMES = {
    **OTHER_INPUTS,
    "population": Text("人口", "population"),
    "species": Text("物种名录", "species lists"),
}
SUPPLIED = (
    "No layer gives it: the office enters it under `[supplied]` of the manifest, with where it is from, "
    "and `gs.check` judges it as entered."
)


def input_name(name: str) -> Text:
    """Return what an input is called."""
    return LAYERS[name].title if name in LAYERS else NAMES[name]


def one_need(name: str) -> str:
    """Return an input with the table of the manifest that names it."""
    where = LAYERS[name].table if name in LAYERS else ""
    shown = f"[{where}]" if where else TABLES[name]
    text = input_name(name)
    return f"{text.zh} {text.en} `{shown}`"


def needs(card: Indicator) -> str:
    """Return the inputs that an indicator cannot do without."""
    if card.basis == "supplied":
        return "`[supplied]`"
    return "; ".join(" or ".join(map(one_need, need.split("|"))) for need in card.needs)


def span(card: Indicator) -> str:
    """Return the numbers that an indicator can have, where its unit does not say."""
    if card.least is None and card.most is None:
        return ""
    ends = [f"{end:g}" for end in (card.least, card.most) if end is not None]
    what = "classes " if card.classes else ""
    side = "from " if card.most is None else "up to " if card.least is None else ""
    return f"{what}{side}{' to '.join(ends)}; a supplied number beyond is refused"


def unit_text(card: Indicator) -> str:
    """Return the unit that an indicator is shown in."""
    return UNITS.get(shown := shown_unit(card.id, card.unit) or "count", shown)


@lru_cache(maxsize=1)
def lines_by_indicator() -> dict[str, list[tuple[Profile, Printed]]]:
    """Return every line of every standard by the indicator that it is about."""
    found: dict[str, list[tuple[Profile, Printed]]] = {}
    for profile in list_profiles():
        for line in printed(profile, read_indicators()):
            found.setdefault(line.indicator, []).append((profile, line))
    return found


def line_row(profile: Profile, line: Printed) -> list[str]:
    """Return one number of one standard as a row of the card."""
    what = "" if line.item == THRESHOLD else f"{item_name(line)}: "
    part = "gate" if line.gate else "" if line.mandatory else "shown, not in the overall verdict"
    notes = [part if line.item == THRESHOLD else "", "" if line.note is None else line.note.en]
    return [
        f"[{profile.id}](../profiles/{profile.id}.md) {profile.level_names[line.level].en}",
        what + asks(line),
        MARKS[line.mark],
        read_in(line, profile),
        "; ".join(filter(None, notes)),
    ]


def judged(key: str) -> tuple[str, list[str]]:
    """Return where an indicator is judged, and every text of it that cites an address."""
    rows = [line_row(profile, line) for profile, line in lines_by_indicator().get(key, ())]
    if not rows:
        return (
            "No standard of the library has a row for it: it is measured and shown, never judged.\n",
            [],
        )
    head = ["standard, level", "asks", "mark", "read in", "note"]
    return table(head, rows), [" ".join(row) for row in rows]


def reading_text(reading: Reading) -> str:
    """Return how one reading goes, with the numbers it stands for."""
    tiers = "" if reading.tiers is None else f" ({show_tiers(reading.tiers, 'en')})"
    return f"{reading.text.en} {reading.text.zh}{tiers}"


def followed(topic: Topic, reading: Reading) -> str:
    """Return what becomes of one reading."""
    if topic.id == "population":
        return "the manifest names its own count; others, under `population_other`, in the annex"
    if not any(item.default for item in topic.readings):
        return "where the standard's row says so; else in the annex"
    return "a check does this" if reading.default else "in the annex"


def disputed(key: str) -> tuple[str, list[str]]:
    """Return the readings of an indicator's rules that the sources dispute or leave open."""
    parts, texts = [], []
    for topic in read_topics():
        if key not in topic.indicators:
            continue
        rows = [
            [
                reading_text(item),
                followed(topic, item),
                MARKS[item.mark],
                item.address,
            ]
            for item in topic.readings
        ]
        parts.append(f"**{topic.title.zh} {topic.title.en}.** {topic.question.en}\n")
        if rows:
            parts.append(table(["reading", "followed", "mark", "read in"], rows))
        texts += [item.address for item in topic.readings]
    return "\n".join(parts), texts


def in_python(card: Indicator) -> str:
    """Return the functions that measure an indicator."""
    if card.basis == "supplied":
        return SUPPLIED
    names = FUNCTIONS.get(base_of(card.id), ())
    check = role("check")
    if not names:
        return f"{check} measures it, from the layers of a manifest; no function of its own."
    return f"{', '.join(map(role, names))}; {check} measures it with the whole city."


def card_page(key: str) -> str:
    """Return the card of one indicator."""
    card = read_indicators()[key]
    rows, texts = judged(key)
    readings, more = disputed(key)
    links = ", ".join(f"[{title}](../../{page}.md)" for page, title in further(key, card.basis))
    cites = " ".join(card.references)
    parts = [
        "---\norphan: true\n---\n",
        f"# {card.name.zh} {card.name.en}\n",
        f"[Indicators](../../reference/indicators.md) · {BASES[card.basis]} · `{card.id}`\n",
        f"{card.question.en}<br>{card.question.zh}\n",
        facts(
            [
                ("Formula 公式", f"`{card.formula}`" if card.basis != "supplied" else ""),
                ("Numerator 分子", f"{card.numerator.en}<br>{card.numerator.zh}"),
                ("Denominator 分母", f"{card.denominator.en}<br>{card.denominator.zh}"),
                ("Unit 单位", f"{unit_text(card)}; {card.better} is better"),
                ("Needs 所需", needs(card)),
                ("Undefined 无法计算", f"{card.undefined.en}<br>{card.undefined.zh}"),
                ("Can be 取值", span(card)),
                ("In Python", in_python(card)),
                ("Limits 局限", links and f"Read first: {links}."),
                ("Definition read in 定义出处", cites),
            ]
        ),
        "## Where it is judged\n",
        "Every number with its [mark](../../reference/profiles.md).\n" * bool(texts),
        rows,
    ]
    if readings:
        parts += ["## Readings\n", "What the sources dispute, or leave open.\n", readings]
    listed = addresses([cites, *texts, *more], read_addresses())
    return "\n".join([*parts, "## Sources\n" * bool(listed), listed])


def pages() -> dict[str, str]:
    """Return every card by its name under ``cards/``."""
    return {f"indicators/{key}": card_page(key) for key in read_indicators()}


def indicators() -> str:
    """Return every indicator by what it is computed from."""
    cards, parts = read_indicators(), []
    standing: dict[str, dict[str, None]] = {}
    for profile in list_profiles():
        for row in profile.criteria:
            standing.setdefault(row.indicator, {})[profile.id] = None
    for basis, title in BASES.items():
        here = [card for card in cards.values() if card.basis == basis]
        rows = [
            [
                f"[{card.name.zh}](../cards/indicators/{card.id}.md)",
                f"{card.name.en} `{card.id}`",
                ", ".join(
                    f"[{key}](../cards/profiles/{key}.md)" for key in standing.get(card.id, ())
                ),
            ]
            for card in here
        ]
        parts += [f"## {title}\n", table(["指标", "name, id", "judged by"], rows)]
    return "\n".join(parts)
