"""`make lighthouse`: one page of each kind through Lighthouse, as a phone sees it.

Fails where a page has less than 0.98 in a category, or weighs more than 200 kB on the
wire, with all that it loads. Of performance, which a busy machine makes worse, the
median of three runs counts; of the rest, the worst.
"""

import gzip
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median

from playwright.sync_api import sync_playwright

from harness.core.problem import Problem
from harness.core.tree import HERE
from tests.browser import chromium, serving
from tests.browser.built import Built

KINDS = {
    "home": "index.html",
    "overview": "training/index.html",
    "lesson": "autograd/index.html",
    "comparison": "keras/index.html",
    "parity": "keras/parity/index.html",
    "walkthrough": "walkthroughs/first-network/index.html",
    "heaviest": "walkthroughs/pretrained-detection/index.html",
    "drawing": "walkthroughs/see-it-live/index.html",
    "errors": "errors/index.html",
    "error topic": "errors/shapes/index.html",
    "glossary": "reference/glossary/index.html",
    "status": "reference/status/index.html",
}
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
WEIGHT = "kB"
ENOUGH = 0.98
HEAVY = 200  # kB on the wire, with all that the page loads
RUNS = 3
LIGHTHOUSE = Path(__file__).parent / "node_modules" / ".bin" / "lighthouse"
PACKED = (".css", ".html", ".js", ".json", ".svg", ".xml")


class Packing(serving.Handler):
    """Sends text packed, as hosts do."""

    def do_GET(self):
        file = Path(self.translate_path(self.path))
        file = file / "index.html" if file.is_dir() else file
        if file.suffix not in PACKED or not file.is_file():
            return super().do_GET()
        body = gzip.compress(file.read_bytes())
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(str(file)))
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def scores(url: str, browser: str) -> dict[str, float]:
    """What one run of Lighthouse gives a page, by category, and its weight."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        command = [
            str(LIGHTHOUSE),
            url,
            "--quiet",
            "--output=json",
            f"--output-path={report}",
            f"--only-categories={','.join(CATEGORIES)}",
            "--chrome-flags=--headless=new --no-sandbox",
        ]
        subprocess.run(command, env=os.environ | {"CHROME_PATH": browser}, check=True)
        found = json.loads(report.read_text(encoding="utf-8"))
    weight = found["audits"]["total-byte-weight"]["numericValue"] / 1000
    scored = found["categories"]
    return {name: scored[name]["score"] or 0 for name in CATEGORIES} | {WEIGHT: weight}


def summary(runs: list[dict[str, float]]) -> dict[str, float]:
    """One score a category."""
    found = {name: min(run[name] for run in runs) for name in CATEGORIES}
    found["performance"] = median(run["performance"] for run in runs)
    return found | {WEIGHT: max(run[WEIGHT] for run in runs)}


def is_good(found: dict[str, float]) -> bool:
    return min(found[one] for one in CATEGORIES) >= ENOUGH and found[WEIGHT] <= HEAVY


def main() -> int:
    site = Built(HERE)
    with sync_playwright() as playwright:
        browser = chromium.find(playwright)
    print(f"{'':12}" + "".join(f"{name:>16}" for name in (*CATEGORIES, WEIGHT)))
    good = True
    with serving.serve(site.folder, site.base, Packing) as home:
        for kind, page in KINDS.items():
            url = home + page.removesuffix("index.html")
            found = summary([scores(url, browser) for _ in range(RUNS)])
            line = "".join(f"{score:16.2f}" for score in found.values())
            print(f"{kind:12}{line}", flush=True)
            good = good and is_good(found)
    print("good" if good else f"below {ENOUGH}, or above {HEAVY} kB")
    return int(not good)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (Problem, chromium.NoBrowser) as error:
        sys.exit(str(error))
