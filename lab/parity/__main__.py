"""`make record-parity`: measure every row, and write recorded/parity.json."""

import json
import sys
import time
from datetime import date

import keras
import torch

from harness.core import records
from harness.core.problem import Problem
from harness.core.tree import HERE
from harness.site.tables import parity
from lab.parity import measures


def main() -> int:
    rows, start = {}, time.perf_counter()
    for group in parity.load(HERE).values():
        for row in group:
            found = measures.measure(row)
            rows[row.name] = {"measured": found.value, "tolerance": found.tolerance}
            numbers = f"{found.value:12.3g}{found.tolerance:12.3g}"
            print(f"{row.name:24}{numbers}", flush=True)
    versions = {"torch": torch.__version__, "keras": keras.__version__}
    run = {"date": date.today().isoformat()} | versions | {"rows": rows}
    records.write(HERE.recorded / parity.RECORD, json.dumps(run, indent=1) + "\n")
    print(f"{len(rows)} rows in {time.perf_counter() - start:.0f} s")
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Problem as error:
        sys.exit(str(error))
