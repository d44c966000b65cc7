"""How Hypothesis runs natively: without time limits, for the machine may be busy with other tests.
In the browser, tests/parity/runner.py has a profile of its own."""

import sys

import hypothesis

if sys.platform != "emscripten":
    hypothesis.settings.register_profile("native", deadline=None)
    hypothesis.settings.load_profile("native")
