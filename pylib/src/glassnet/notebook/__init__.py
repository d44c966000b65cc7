"""Figures that live in a notebook's output, drawn by the elements of our pages while the notebook's
own kernel does the arithmetic: `gn.notebook.watch(run)` follows a run, and `network.show(image)`
is one answer, which can be looked into.

They are anywidgets, so Jupyter, marimo and others show them alike; `pip install
"glassnet[notebook]"` brings what that needs. Beside each stands its static figure, for where there
is no kernel and where nothing runs. `module` finds the front end's script, `seen` is what that is
told of a network, `widget` the widget, `live` the run that is followed.
"""

from glassnet.notebook.live import LiveRun, watch
from glassnet.notebook.module import Missing
from glassnet.notebook.seen import Example, Seen
from glassnet.notebook.widget import answer, is_live

__all__ = ["Example", "LiveRun", "Missing", "Seen", "answer", "is_live", "watch"]
