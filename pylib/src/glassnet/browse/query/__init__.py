"""Which examples? A Python expression over named arrays, believed only piece by piece.

    select("(y == 9) & (pred == 4) & (loss > 2)", {"y": y, "pred": pred, "loss": loss})

The expression may come from a link, so it is never run as Python. It is parsed, and each piece is
carried out here if it is one of these: numbers, the names given, comparisons, arithmetic, `&`, `|`,
`~`, `and`, `or`, `not`, indexing, and the functions in `FUNCTIONS`. There are no attributes, no
other calls, nothing to assign to; what would fill the memory is refused beforehand, and the arrays
are only ever read.
"""

from glassnet.browse.query.functions import FUNCTIONS
from glassnet.browse.query.parser import QueryError, names
from glassnet.browse.query.reader import select

__all__ = ["FUNCTIONS", "QueryError", "names", "select"]
