"""The libraries of the search are those that their authors published, made smaller.

Each is one file of `npm pack NAME@VERSION`, whose integrity stands here, made smaller
by esbuild 0.28.2, `--minify --target=es2020`; stemmer also by `--format=iife
--global-name=Stemmer`, as a page from a disk can load no modules.
"""

import hashlib

import pytest

from harness.core.tree import HERE

FOLDER = HERE.docs / "assets" / "javascripts" / "search"
LIBRARIES = {
    "minisearch": {
        "version": "7.2.0",
        "file": "dist/umd/index.js",
        "integrity": "sha512-dqT2XBYUOZOiC5t2HRnwADjhNS2cecp9u+TJRiJ1Qp/f"
        "5qjkeT5APcGPjHw+bz89Ms8Jp+cG4AlE+QZ/QnDglg==",
        "sha256": "8abd09a992d962c447c7e5051f6ab59c64c079d2c8a4da66c873bc5b822a722a",
    },
    "stemmer": {
        "version": "2.0.1",
        "file": "index.js",
        "integrity": "sha512-bkWvSX2JR4nSZFfs113kd4C6X13bBBrg4fBKv2pVdzpd"
        "QI2LA5pZcWzTFNdkYsiUNl13E4EzymSRjZ0D55jBYg==",
        "sha256": "e00262cc0b533f0a87bfc2531be74fbde8f185b764a07018e950c3b6ed14894f",
    },
}


@pytest.mark.parametrize("name", LIBRARIES)
def test_a_library_is_as_published_and_has_its_licence(name):
    data = (FOLDER / f"{name}.js").read_bytes()
    assert hashlib.sha256(data).hexdigest() == LIBRARIES[name]["sha256"]
    licence = (FOLDER / f"LICENSE-{name}.txt").read_text(encoding="utf-8")
    assert "Permission is hereby granted, free of charge" in licence
