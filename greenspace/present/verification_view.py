"""Verification view: what became of a folder of results, in sentences for the console.

Question   What does someone see after ``greenspace verify``?
Enters     A Verification and a language.
Leaves     Lines of rich; nothing is printed here.
Elsewhere  Finding it: verification.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rich.text import Text as Line

from greenspace.model.words import Text
from greenspace.present.display import UNDEFINED
from greenspace.present.words import clean

if TYPE_CHECKING:
    from collections.abc import Mapping

    from greenspace.model.verification import Leaf, Verification
    from greenspace.model.words import Language

MOST_SHOWN: Final = 30
SENTENCES: Final[Mapping[str, Text]] = {
    "identical": Text(
        "一致：run.json 所列 {files} 个文件、check.json 所列 {inputs} 个输入与其中 {count} 个值都与当时相同；"
        "文件夹里未列出的文件没有核对。",
        "Identical: the {files} files that run.json lists, the {inputs} inputs that check.json lists "
        "and its {count} values are what they were. Files that are not listed were not looked at.",
    ),
    "differs": Text("不一致。", "Not the same any more."),
    "judged": Text(
        "标准：{standard}；清单：{manifest}", "Standard: {standard}; manifest: {manifest}"
    ),
    "exact": Text("库版本相同，逐位比较。", "Same versions: compared to the last digit."),
    "close": Text(
        "库版本不同：数值按 1e-9 比较，文字不计其中的数字：",
        "Other versions: numbers compared to 1e-9, sentences without the numbers in them:",
    ),
    "wordless": Text(
        "本软件版本不同：数值按 1e-9 比较；措辞可能已改，所以不比较文字：",
        "Another version of this program: numbers compared to 1e-9; sentences are not compared, "
        "because their wording may have changed:",
    ),
    "edited": Text("写出后被改动的结果文件：{names}", "Files of the folder edited since: {names}"),
    "lost": Text(
        "不见了、或 run.json 没有列出的结果文件：{names}",
        "Files of the folder that are gone, or that run.json does not list: {names}",
    ),
    "inputs_changed": Text("已改变的输入：{names}", "Inputs that changed: {names}"),
    "inputs_missing": Text(
        "不见了、或清单不再读取的输入：{names}",
        "Inputs that are gone, or no longer read: {names}",
    ),
    "inputs_new": Text("当时没有的输入：{names}", "Inputs that were not read then: {names}"),
    "unlike": Text(
        "不同的数值：{count} 个（共比较 {compared} 个）",
        "Values that differ: {count} of {compared}",
    ),
    "refused": Text("现在无法重新量算：", "Nothing can be measured again: "),
    "same_numbers": Text(
        "全部 {compared} 个数值与当时相同。", "All {compared} values are what they were."
    ),
    "more": Text("另有 {count} 个。", "{count} more."),
}


def verification_lines(found: Verification, language: Language) -> list[Line]:
    """Return the verdict first, then everything that is not what it was."""
    if found.identical:
        lines = [
            Line(
                _said(
                    "identical",
                    language,
                    count=found.compared,
                    files=found.files,
                    inputs=found.inputs,
                ),
                style="bold green",
            )
        ]
    else:
        lines = [Line(_said("differs", language), style="bold red")]
    named = {"standard": clean(found.standard), "manifest": clean(found.manifest.name)}
    lines.append(Line(_said("judged", language, **named)))
    for key in ("edited", "lost", "inputs_changed", "inputs_missing", "inputs_new"):
        names = getattr(found, key)
        if names:
            lines.append(Line(_said(key, language, names=_joined(names, language))))
    lines += _numbers(found, language)
    how = "exact" if found.exact else "close" if found.words else "wordless"
    lines.append(Line(_said(how, language), style="dim"))
    lines += [
        Line(f"  {clean(item.name)} {clean(item.old)} → {clean(item.new)}", style="dim")
        for item in found.replaced
    ]
    return lines


def _numbers(found: Verification, language: Language) -> list[Line]:
    if found.refused is not None:
        sentence = clean(found.refused.sentence(language))
        return [Line(_said("refused", language) + sentence)]
    if not found.unlike:
        shown = {"compared": found.compared}
        return [] if found.identical else [Line(_said("same_numbers", language, **shown))]
    counts = {"count": len(found.unlike), "compared": found.compared}
    lines = [Line(_said("unlike", language, **counts))]
    for item in found.unlike[:MOST_SHOWN]:
        about = [item.part, item.indicator, item.zone, item.key]
        where = " · ".join(clean(part) for part in about if part)
        lines.append(Line(f"  {where}: {_value(item.old)} → {_value(item.new)}"))
    rest = len(found.unlike) - MOST_SHOWN
    if rest > 0:
        lines.append(Line(f"  {_said('more', language, count=rest)}"))
    return lines


def _said(key: str, language: Language, **words: object) -> str:
    return SENTENCES[key].of(language).format(**words)


def _joined(names: tuple[str, ...], language: Language) -> str:
    return ("、" if language == "zh" else ", ").join(clean(name) for name in names)


def _value(value: Leaf) -> str:
    if value is None:
        return UNDEFINED
    return repr(value) if isinstance(value, float) else clean(value)
