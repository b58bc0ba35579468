"""The pictures of pages, in a copy for light ones and one for dark ones."""

import base64
import io
import re
from pathlib import Path

from PIL import Image

from harness.judge.shown import DARK

FOLDER = "/assets/figures/"  # where in the site they are, but those of notebooks
COLOUR = re.compile(r"#[0-9a-fA-F]{6}\b")
SIZE = re.compile(r'<svg\b[^>]*\bviewBox="0 0 ([\d.]+) ([\d.]+)"')  # in points
PIXELS = 4 / 3  # CSS pixels a point
PHOTO = re.compile(r"data:image/png;base64,([A-Za-z0-9+/=\s]+)")
# What is lost of a photo is half as much as the noise in the scenes of walkthroughs.
PACKED = {"format": "AVIF", "quality": 60, "subsampling": "4:4:4"}
# On a phone the letters are drawn larger, so that they are 12 px high on one of 360 px.
# The whole shrinks a little, which leaves room at its edges.
NARROW = Path(__file__).with_name("narrow.css").read_text("utf-8").replace("\n", "")
# Of these, larger letters would touch one another, or leave their box or the picture.
TIGHT = frozenset(Path(__file__).with_name("tight.txt").read_text("utf-8").split())


def twins(name: str, svg: str) -> dict[str, str]:
    """Both copies of a picture, by the names of their files."""
    if name not in TIGHT:
        svg = svg.replace("</style>", f"{NARROW}</style>", 1)
    return {f"{name}.light.svg": svg, f"{name}.dark.svg": darken(svg)}


def darken(svg: str) -> str:
    """The picture with each colour that has a dark twin replaced by it."""
    return COLOUR.sub(lambda found: DARK.get(found.group().lower(), found.group()), svg)


def lighter(svg: str) -> str:
    """The picture with its photos as AVIF, a sixth as heavy as PNG; maps stay as drawn.

    Of a map of few colours PNG is smaller, or hardly larger.
    """

    def packed(found: re.Match) -> str:
        png, avif = base64.b64decode(found[1]), io.BytesIO()
        Image.open(io.BytesIO(png)).save(avif, **PACKED)
        if len(avif.getvalue()) > len(png) / 2:
            return found.group()
        return f"data:image/avif;base64,{base64.b64encode(avif.getvalue()).decode()}"

    return PHOTO.sub(packed, svg)


def markdown(address: str, alt: str, svg: str, ran: str = "") -> str:
    """A paragraph that shows a picture; only one of its copies is ever visible."""
    alt, size = re.sub(r"([\[\]])", r"\\\1", alt), ""
    if found := SIZE.search(svg):  # so that the page does not jump as it loads
        width, height = (round(float(side) * PIXELS) for side in found.groups())
        size = f" width={width} height={height}"
    copies = "".join(
        f"![{alt}]({address}.{scheme}.svg#only-{scheme})"
        f"{{ .plot{size} loading=lazy }}\n"
        for scheme in ("light", "dark")
    )
    return f'{copies}{{ .figure data-ran="{ran}" }}\n'
