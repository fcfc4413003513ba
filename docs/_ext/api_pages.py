"""The API from the docstrings: a page a task, and one table that finds every name."""

from __future__ import annotations

import inspect
from importlib import import_module

from api_names import TASKS
from writing import table

import greenspace


def directive(name: str, target: str, *options: str) -> str:
    """Return one autodoc directive inside Markdown."""
    lines = [f"```{{eval-rst}}\n.. {name}:: {target}", *(f"   {line}" for line in options), "```\n"]
    return "\n".join(lines)


def home(name: str) -> str:
    """Return where a public class or exception is documented: in its own module."""
    thing = getattr(greenspace, name)
    return f"{thing.__module__}.{thing.__qualname__}"


def first_line(name: str) -> str:
    """Return what a name does, in one sentence."""
    return (inspect.getdoc(getattr(greenspace, name)) or "").partition("\n")[0]


def role(name: str) -> str:
    """Return a link to the documentation of a public name."""
    thing = getattr(greenspace, name)
    if not inspect.isclass(thing):
        return f"{{py:func}}`greenspace.{name}`"
    kind = "exc" if issubclass(thing, Exception) else "class"
    return f"{{py:{kind}}}`~{home(name)}`"


def errors() -> list[str]:
    """Return the tree of refusals, as it stands in the source."""
    module = import_module("greenspace.errors")
    classes = [
        item
        for _, item in inspect.getmembers(module, inspect.isclass)
        if item.__module__ == module.__name__
    ]
    classes.sort(key=lambda item: inspect.getsourcelines(item)[1])
    return [directive("autoexception", f"{module.__name__}.{c.__name__}") for c in classes]


def page(key: str) -> str:
    """Return the page of one task."""
    task = TASKS[key]
    head = f"# {task.title}\n\n{task.about.format(docs='../..')}\n"
    if key == "errors":
        return "\n".join([head, *errors()])
    functions = [name for name in task.names if not inspect.isclass(getattr(greenspace, name))]
    classes = [home(name) for name in task.names if name not in functions] + list(task.values)
    parts = [head]
    parts += ["## Functions\n"] * bool(functions)
    parts += [directive("autofunction", f"greenspace.{name}") for name in functions]
    parts += ["## Results\n"] * bool(functions and classes)
    parts += [directive("autoclass", path, ":members:") for path in classes]
    return "\n".join(parts)


def pages() -> dict[str, str]:
    """Return the page of each task by its name under ``cards/``."""
    return {f"api/{key}": page(key) for key in TASKS}


def api() -> str:
    """Return every public name by task, each with one sentence, and the list of the pages."""
    parts = []
    for key, task in TASKS.items():
        rows = [[role(name), first_line(name)] for name in task.names]
        about = task.about.format(docs="..")
        parts.append(f"## [{task.title}](../cards/api/{key}.md)\n\n{about}\n")
        parts += [table(["name", "does"], rows)] * bool(rows)
    listed = "\n".join(f"../cards/api/{key}" for key in TASKS)
    return "\n".join(parts) + f"\n```{{toctree}}\n:hidden:\n\n{listed}\n```\n"
