# needs: torchvision
import numpy as np
import torch
from PIL import Image

# Leave out these four lines: our torchvision was built for another torch.
missing = torch.library.Library("torchvision", "DEF")
boxes_in = "Tensor dets, Tensor scores, float iou_threshold"
for name in ("nms", "qnms"):
    missing.define(f"{name}({boxes_in}) -> Tensor")
from torchvision.transforms import v2  # noqa: E402

last = [v2.ToDtype(torch.float32, scale=True)]
last.append(v2.Normalize(mean=[0.5] * 3, std=[0.25] * 3))
change = [v2.RandomResizedCrop(64), v2.RandomHorizontalFlip()]
change.append(v2.ColorJitter(brightness=0.3, contrast=0.3))
train = v2.Compose([v2.ToImage(), *change, *last])
valid = v2.Compose([v2.ToImage(), v2.Resize(72), v2.CenterCrop(64), *last])

torch.manual_seed(0)
ramp = np.linspace(0, 255, 120).astype("uint8")  # from dark to bright
image = Image.fromarray(np.tile(ramp[:, None], (90, 1, 3)))
for epoch in range(3):
    x, y = train(image), valid(image)
    print(epoch, "train", list(x.shape), f"mean {x.mean():.2f}")
    print(epoch, "valid", list(y.shape), f"mean {y.mean():.2f}")
