"""Finds a Chromium: the machine's, else Playwright's own, else the system's package."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from filelock import FileLock
from playwright.sync_api import Browser, Playwright

# The first is the same engine without windows: it takes a quarter less of a processor.
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
# Without windows, letters would be as wide as whole pixels, which readers do not see.
LETTERS = "--font-render-hinting=none"
LOCK = Path(tempfile.gettempdir(), "chromium-for-tests.lock")


class NoBrowser(Exception):
    """None could be had; the text says what was tried."""


def find(playwright: Playwright) -> str:
    """The path of a Chromium that starts, installed if need be; $CHROMIUM wins.

    Raises NoBrowser.
    """
    tried = []
    for path in _places(playwright.chromium.executable_path):
        fault = _fault(path, "--version")
        if not fault:
            return path
        tried.append(f"{path}: {fault}")
    reasons = "\n  ".join(tried)
    raise NoBrowser(
        f"no Chromium starts; install one, or name it in $CHROMIUM\n  {reasons}"
    )


def launch(playwright: Playwright, path: str) -> Browser:
    return playwright.chromium.launch(executable_path=path, args=[LETTERS])


def _places(own: str) -> Iterator[str]:
    """Where to look, and after that what to install and look again."""
    if named := os.environ.get("CHROMIUM"):
        yield named  # and no other: it was asked for
        return
    yield from filter(None, map(shutil.which, NAMES))
    yield own
    with FileLock(LOCK):  # two workers would stand in each other's way
        yield from filter(None, map(shutil.which, NAMES))
        _say("playwright install chromium")
        _fault(sys.executable, "-m", "playwright", "install", "chromium")
        yield own
        if hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get"):
            _fault("apt-get", "update")
            for name in NAMES[:2]:
                _say(f"apt-get install {name}")
                _fault("apt-get", "install", "--yes", name)
                yield shutil.which(name) or name


def _fault(*command: str) -> str:
    """Why a command fails: the end of what it says; empty where it does not."""
    try:
        ran = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=600,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return str(error)
    said = (ran.stderr or ran.stdout).strip().split("\n")[-1]
    return said or f"exit status {ran.returncode}" if ran.returncode else ""


def _say(command: str) -> None:
    print(f"no Chromium yet: {command}", file=sys.__stderr__, flush=True)
