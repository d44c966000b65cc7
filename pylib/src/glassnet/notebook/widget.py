"""The widget: traits, which are sent to the page as they change, and our module, which draws them.

anywidget is imported when the first is made, so that whoever shows none does without it.
"""

from __future__ import annotations

import sys
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from numpy.typing import NDArray

from glassnet.notebook import module
from glassnet.notebook.module import Missing
from glassnet.notebook.seen import Example, Seen

TRAITS = ("network", "example", "arrays", "progress", "losses", "tested")
NEEDED = ("anywidget", "traitlets")


def is_live() -> bool:
    """Whether a living figure could be shown here: there is a kernel, or marimo, anywidget is
    installed, and our module is there."""
    return _kernel() and all(map(find_spec, NEEDED)) and module.find() is not None


def make(kind: str, **traits: Any) -> Any:
    """A widget of ours. Raises Missing."""
    return _kind_of_widget()(kind=kind, **traits)


def answer(network: Any, example: Example, answers: list[NDArray[Any]] | None = None) -> Any:
    """The widget of one answer of a network. Raises Missing."""
    seen = Seen(network)
    arrays, told = seen.arrays(example, answers), seen.example(example)
    return make("answer", network=seen.told, example=told, arrays=arrays)


def mime_bundle(widget: Any, static: dict[str, str]) -> tuple[dict[str, Any], dict[str, Any]]:
    """What a notebook keeps of a widget: its view, and the static figure beside it."""
    made = widget._repr_mimebundle_()
    view, about = made if isinstance(made, tuple) else (made, {})
    return {**view, **static}, about


def _kernel() -> bool:
    """Whether somebody is there to show it to: asked of what is imported already, so that nothing
    is imported for the question."""
    shell = sys.modules.get("IPython")
    if shell is not None and getattr(shell.get_ipython(), "kernel", None) is not None:
        return True
    marimo = sys.modules.get("marimo")
    return marimo is not None and bool(marimo.running_in_notebook())


@cache
def _kind_of_widget() -> Any:
    try:
        anywidget, traitlets = map(import_module, NEEDED)
    except ImportError as error:
        needs = 'a living figure needs anywidget: pip install "glassnet[notebook]"'
        raise Missing(f"{needs} ({error})") from error

    def synced(default: Any) -> Any:
        return traitlets.Any(default).tag(sync=True)

    traits = {name: synced(None) for name in TRAITS}
    told = {"_esm": module.text(), "kind": synced("")}
    return type("GlassnetWidget", (anywidget.AnyWidget,), {**told, **traits})
