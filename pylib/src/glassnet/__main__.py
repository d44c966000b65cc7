"""`python -m glassnet` is `glassnet`."""

import sys

from glassnet.cli import main

sys.exit(main())
