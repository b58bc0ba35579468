"""How a reader loads what the site ships: the file beside, or the site's.

`python -m lab train` writes the SHA-256 below; the walkthroughs include both.
"""

# --8<-- [start:load]
import hashlib
import io
import urllib.request
from pathlib import Path

import torch

SITE = "http://127.0.0.1:8000/assets/"


def site_file(path, sha256):
    """The bytes of a file: of yours, else of the one on this site."""
    name = Path(path).name
    for file in (Path("../assets", path), Path(name)):
        if file.exists():
            content = file.read_bytes()
            break
    else:
        with urllib.request.urlopen(SITE + path, timeout=30) as answer:
            content = answer.read()
    if hashlib.sha256(content).hexdigest() != sha256:
        raise ValueError(f"{name} is not the file that this page was made with")
    return content


def load_weights(name, sha256):
    """The state dict in NAME.pt: a file of yours, else the one on this site."""
    content = site_file(f"weights/{name}.pt", sha256)
    return torch.load(io.BytesIO(content), map_location="cpu", weights_only=True)


# --8<-- [end:load]

# --8<-- [start:backbone]
BACKBONE = "8bbf449d0db33a8869e531ee0e2a6e5d1b2ddfedb7930168991fe2edfd22c51f"
# --8<-- [end:backbone]

# --8<-- [start:digits]
DIGITS = "738140a25926919f27fd5fb63a8baf01cdb236bcc069bb1e50bfd97c787b7319"
# --8<-- [end:digits]

# --8<-- [start:detector]
DETECTOR = "d5074b868731fd6e44a0c82c7a26ae8c8f6d7067bece41170adf82e5c8970e7f"
# --8<-- [end:detector]

# --8<-- [start:language-model]
LANGUAGE_MODEL = "fe4f79647ec946f20bab25913c887a1114e9eb20916e7c12342a4125a3f984f5"
# --8<-- [end:language-model]

# --8<-- [start:alice]
ALICE = "99e53cbb0aeb274344a254733db996ca2d05d5fcd10fc0ca02d6966f2b2bc961"
# --8<-- [end:alice]
