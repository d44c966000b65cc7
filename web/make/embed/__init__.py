"""A folder for each canonical figure, so that a bare link to it, pasted where links unfold, becomes
the figure or its picture: a page, what oEmbed asks for, and pictures in both themes. `figures.toml`
lists them."""
