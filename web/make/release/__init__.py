"""Both archives of a release, made, checked, and left in dist/: the Python package for PyPI, and
the elements for npm. Nothing is uploaded; web/PUBLISHING.md tells how that is done."""
