"""pytest in a fork of the process that forks programs for its tests: for a quick check.

`python -m tests.with_torch ARGUMENTS` imports torch once, where `python -m pytest` and
what its tests run import it twice.
"""

import os
import sys
from pathlib import Path

import pytest

from tests import forked

LIMIT = 3600  # seconds: each test has a limit of its own

if __name__ == "__main__":
    os.environ |= forked.ENVIRONMENT
    os.environ["FORKS"] = forked.shared or forked.start()
    main = Path(pytest.__file__).with_name("__main__.py")
    ran = forked.run(main, *sys.argv[1:], limit=LIMIT)
    sys.stdout.write(ran.stdout)
    sys.stderr.write(ran.stderr)
    sys.exit(ran.returncode)
