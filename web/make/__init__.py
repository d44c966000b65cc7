"""How the site is made: tools, third-party parts, Python wheels, data shards, bundles, serving.

`build.py` at the top of the repository is the only caller. `settings`, `console`, `stamp`, `venv`
and `lock` run on the standard library alone, before the virtual environment exists.
"""
