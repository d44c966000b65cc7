// Brings the figure that the page's `data-figure` and `data-query` name into its place.
