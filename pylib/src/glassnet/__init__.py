"""glassnet: a neural network you can see through, in Python and numpy alone."""

__version__ = "0.1.0"
