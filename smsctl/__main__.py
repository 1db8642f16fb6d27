"""`python -m smsctl` is `smsctl`."""

import sys

from smsctl.cli import main

sys.exit(main())
