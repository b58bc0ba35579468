import tempfile
import zipfile
from pathlib import Path

import torch

with tempfile.TemporaryDirectory() as folder:
    good, page = Path(folder, "model.pt"), Path(folder, "download.pt")
    torch.save({"weight": torch.ones(2)}, good)
    page.write_text("<!DOCTYPE html>")
    for file in (good, page):
        with open(file, "rb") as opened:
            print(opened.read(20)[:2], zipfile.is_zipfile(file))
