# needs: torchvision
import tempfile
from pathlib import Path

import torch
from PIL import Image
from torch.utils.data import DataLoader

# Leave out these four lines: our torchvision was built for another torch.
missing = torch.library.Library("torchvision", "DEF")
boxes_in = "Tensor dets, Tensor scores, float iou_threshold"
for name in ("nms", "qnms"):
    missing.define(f"{name}({boxes_in}) -> Tensor")
from torchvision import datasets  # noqa: E402
from torchvision.transforms import v2  # noqa: E402

steps = [v2.ToImage(), v2.Resize((32, 32))]
steps.append(v2.ToDtype(torch.float32, scale=True))  # from 0 to 1
with tempfile.TemporaryDirectory() as name:
    for number, colour in enumerate(["red", "red", "blue"]):
        folder = Path(name, colour)
        folder.mkdir(exist_ok=True)
        image = Image.new("RGB", (40 + 10 * number, 30), colour)
        image.save(folder / f"{number}.PNG")
    data = datasets.ImageFolder(name, transform=v2.Compose(steps))
    print(len(data), "files, classes", data.classes)
    for x, y in DataLoader(data, batch_size=2):
        print(list(x.shape), x.dtype, "labels", y.tolist())
