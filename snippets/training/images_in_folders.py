import tempfile
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch.utils.data import DataLoader, Dataset


class Pictures(Dataset):
    def __init__(self, folder):
        self.files = sorted(folder.glob("*/*.png"))
        self.classes = sorted({file.parent.name for file in self.files})

    def __len__(self):
        return len(self.files)

    def __getitem__(self, index):
        file = self.files[index]
        image = Image.open(file).convert("RGB").resize((32, 32))
        x = torch.from_numpy(np.array(image)).permute(2, 0, 1)
        return x / 255, self.classes.index(file.parent.name)


with tempfile.TemporaryDirectory() as name:
    for number, colour in enumerate(["red", "red", "blue"]):
        folder = Path(name, colour)
        folder.mkdir(exist_ok=True)
        image = Image.new("RGB", (40 + 10 * number, 30), colour)
        image.save(folder / f"{number}.png")
    data = Pictures(Path(name))
    print(len(data), "files, classes", data.classes)
    for x, y in DataLoader(data, batch_size=2):
        print(list(x.shape), x.dtype, "labels", y.tolist())
