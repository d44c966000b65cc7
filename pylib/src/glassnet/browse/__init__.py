"""For looking at a whole data set: which examples an expression is true for (`query`), and where
they lie on their principal components (`project`, on `krylov`). The page of all digits uses it."""
