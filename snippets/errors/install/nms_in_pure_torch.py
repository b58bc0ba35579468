# needs: torchvision
import torch

missing = torch.library.Library("torchvision", "DEF")
boxes_in = "Tensor dets, Tensor scores, float iou_threshold"
missing.define(f"nms({boxes_in}) -> Tensor")
missing.define(f"qnms({boxes_in}) -> Tensor")  # asked for, too


@torch.library.impl(missing, "nms", "CPU")
def nms(boxes, scores, limit):
    area = (boxes[:, 2:] - boxes[:, :2]).prod(1)
    first = torch.maximum(boxes[:, None, :2], boxes[None, :, :2])
    last = torch.minimum(boxes[:, None, 2:], boxes[None, :, 2:])
    shared = (last - first).clamp(min=0).prod(2)
    overlap = shared / (area[:, None] + area - shared)
    kept = []
    for i in scores.argsort(descending=True).tolist():
        if all(overlap[i, j] <= limit for j in kept):
            kept.append(i)
    return torch.tensor(kept, dtype=torch.long)


import torchvision  # noqa: E402  (only now can it be imported)

torchvision.extension._has_ops = lambda: True
boxes = torch.tensor([[0.0, 0, 2, 2], [0, 0, 2, 4], [4, 4, 6, 6]])
scores = torch.tensor([0.5, 0.9, 0.8])  # boxes 0 and 1 overlap by 4 / 8
for limit in (0.4, 0.6):
    print(torchvision.ops.nms(boxes, scores, limit))
