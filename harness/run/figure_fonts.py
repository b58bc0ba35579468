"""The font of figures, which matplotlib finds in the list of fonts that it keeps.

With a list of ours no figure depends on the fonts of the machine, and no process looks
for them. matplotlib takes it if its name has the version of such lists.
"""

import json
from pathlib import Path

from harness.core import records

FONTS = Path(__file__).with_name("fonts")
# Figures name this date, in seconds; a zip file, as of Python 3.14, holds none before.
DATE = "315532800"  # of 1980
FAMILY = "Proven Serif"  # Source Serif 4 as the pages have it; its name is reserved


def write(folder: Path) -> None:
    """Leave the list in what will be $MPLCONFIGDIR."""
    (file,) = FONTS.glob("fontlist-*.json")
    known = json.loads(file.read_text(encoding="utf-8"))
    for font in known["ttflist"]:
        if font["name"] == FAMILY:
            font["fname"] = str(FONTS / font["fname"])
    records.write(folder / file.name, json.dumps(known))


def add() -> None:
    """Make the font known to this process, whatever list it has."""
    from matplotlib import font_manager

    for file in FONTS.glob("*.ttf"):
        font_manager.fontManager.addfont(file)
