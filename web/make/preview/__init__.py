"""The pictures that a link to a page shows where it is shared: drawn by the build itself, from the
data that the page shows. `step.py` runs `pictures.py` in the visitors' own interpreter."""
