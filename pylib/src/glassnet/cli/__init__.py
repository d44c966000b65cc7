"""The command line: `glassnet train`, `evaluate`, `show`, `adaline`, `data`."""

from glassnet.cli.main import main

__all__ = ["main"]
