"""``python -m openfls``: the same as ``openfls``."""

import sys

from openfls.cli import main

sys.exit(main())
