"""The commands ``standards``, ``standards show`` and ``standards diff``.

Question   Which standards are there, what does one ask for, and what did the next one change?
Enters     Arguments.
Leaves     Tables.
Elsewhere  The lines: editions, through commands. Refusals: console.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from greenspace.cli.console import WIDEST, Lang, LangOption, guard, open_console

HELP = "列出各标准及其数值的可靠程度 / list the standards; show and compare them."
SHOW_HELP = "显示一个标准的全部数值 / every number of one standard."
DIFF_HELP = "比较两个标准 / what differs between two standards."
NAMED = "标准，如 CN-2010、CN-2010:higher 或自己的 .toml / id, with a level, or a file of your own."

standards_app = typer.Typer(
    add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None
)
NameArgument = Annotated[str, typer.Argument(help=NAMED)]


@standards_app.callback(invoke_without_command=True)
def list_command(
    context: typer.Context,
    own: Annotated[
        list[Path] | None,
        typer.Option("--own", help="也列出自己的标准文件 / a file of your own to list as well."),
    ] = None,
    lang: LangOption = Lang.zh,
) -> None:
    """Show every profile with how sure its numbers are."""
    if context.invoked_subcommand is not None:
        return
    with guard(lang):
        from greenspace.commands import view_standards

        console = open_console()
        console.print(
            view_standards(
                tuple(own or ()),
                lang.value,
                min(console.width, WIDEST),
                ascii_only=console.options.ascii_only,
            )
        )


@standards_app.command("show", help=SHOW_HELP)
def show_command(name: NameArgument, lang: LangOption = Lang.zh) -> None:
    """Show every number of one standard."""
    with guard(lang):
        from greenspace.commands import view_standard

        console = open_console()
        console.print(
            view_standard(
                name,
                lang.value,
                min(console.width, WIDEST),
                ascii_only=console.options.ascii_only,
            )
        )


@standards_app.command("diff", help=DIFF_HELP)
def diff_command(first: NameArgument, second: NameArgument, lang: LangOption = Lang.zh) -> None:
    """Show what differs between two standards."""
    with guard(lang):
        from greenspace.commands import view_difference

        console = open_console()
        console.print(
            view_difference(
                first,
                second,
                lang.value,
                min(console.width, WIDEST),
                ascii_only=console.options.ascii_only,
            )
        )
