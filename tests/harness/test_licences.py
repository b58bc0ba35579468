"""What others made and this project passes on has its line and its licence."""

import re
from importlib import metadata

import pytest

from harness.core.tree import HERE

ASSETS = HERE.docs / "assets"
NOTICE = " ".join((ASSETS / "NOTICE.txt").read_text(encoding="utf-8").split())
LIBRARIES = {
    "minisearch": "MiniSearch, Luca Ongaro",
    "stemmer": "stemmer, Titus Wormer",
}
# Files of data and what the notice says of them.
DATA = {
    "assets/javascripts/live/scans.json": "UCI Machine Learning Repository",
    "assets/weights": "called digits, backbone and detector learned from",
    "assets/text/alice.json": "in the public domain",
}


def test_the_licence_leads_to_what_others_made():
    said = " ".join((HERE.root / "LICENSE").read_text(encoding="utf-8").split())
    assert "docs/assets/NOTICE.txt names it" in said
    for part in ("Creative Commons Attribution 4.0", "MIT License", "trained weights"):
        assert part in said


def test_each_script_with_a_licence_beside_it_has_its_line():
    scripts = ASSETS / "javascripts"
    found = {one.stem.removeprefix("LICENSE-") for one in scripts.rglob("LICENSE-*")}
    assert found == LIBRARIES.keys()
    for name, said in LIBRARIES.items():
        assert said in NOTICE
        licence = (scripts / "search" / f"LICENSE-{name}.txt").read_text("utf-8")
        assert said.partition(", ")[2] in licence and (
            scripts / "search" / f"{name}.js"
        )


def test_no_other_script_is_somebody_elses():
    """Made smaller, it would have one long line; as published, a note of its rights."""
    for file in ASSETS.rglob("*.js"):
        text = file.read_text(encoding="utf-8")
        theirs = "copyright" in text.lower() or max(map(len, text.split("\n"))) > 500
        made = "search" in file.parent.parts and file.name == "pages.js"
        assert not theirs or made or file.stem in LIBRARIES, file


@pytest.mark.parametrize("folder", [ASSETS / "fonts", HERE.root / "harness/run/fonts"])
def test_each_font_is_named_by_a_licence_beside_it(folder):
    texts = [one.read_text(encoding="utf-8") for one in folder.glob("LICENSE-*")]
    assert all("SIL OPEN FONT LICENSE Version 1.1" in one for one in texts)
    fonts = [*folder.glob("*.woff2"), *folder.glob("*.ttf")]
    assert len(fonts) >= 2 and len(texts) in (1, 2)
    for font in fonts:
        assert any(font.name in one for one in texts), font
    for name in ("Source Serif 4 and Source Code Pro, Adobe", "Proven Serif"):
        assert name in NOTICE


@pytest.mark.parametrize("name", DATA)
def test_data_has_its_line(name):
    assert (HERE.docs / name).exists() and DATA[name] in NOTICE
    assert name.partition(".json")[0] in NOTICE


def test_each_network_has_its_line():
    for card in (ASSETS / "weights").glob("*.json"):
        assert card.stem.replace("-", " ") in NOTICE, card.stem


def test_the_theme_has_its_whole_licence():
    files = metadata.distribution("mkdocs-material").files
    (licence,) = [one for one in files if "licenses/LICENSE" in str(one)]
    text = licence.locate().read_text(encoding="utf-8")
    assert " ".join(text.partition("Copyright")[2].split()) in NOTICE


def test_each_set_of_icons_has_its_line():
    chosen = [HERE.root / "mkdocs.yml", *(HERE.root / "overrides").rglob("*.html")]
    text = "\n".join(one.read_text(encoding="utf-8") for one in chosen)
    used = {a or b for a, b in re.findall(r" icon: (\w+)/|\.icons/(\w+)/", text)}
    assert used == {"material", "simple"}
    assert "Material Design Icons, Pictogrammers" in NOTICE and "Simple Icons" in NOTICE
