import torch
from torch import nn


# Your code:
# class Masked(nn.Module):
#     def __init__(self):
#         super().__init__()
#         self.linear = nn.Linear(3, 3)
#         self.mask = torch.tensor([1.0, 0.0, 1.0])
#
#     def forward(self, x):
#         return self.linear(x) * self.mask
class Masked(nn.Module):
    def __init__(self):
        super().__init__()
        self.linear = nn.Linear(3, 3)
        self.register_buffer("mask", torch.tensor([1.0, 0.0, 1.0]))

    def forward(self, x):
        return self.linear(x) * self.mask


# Check:
def check(fine, words):
    if not fine:
        raise SystemExit(f"Not yet: {words}")


model = Masked()
out = model(torch.ones(3))
check(out is not None, "forward returns nothing.")
check(out[1] == 0, "the mask does not hide number 1.")
count = sum(p.requires_grad for p in model.parameters())
check(count == 2, f"{count} parameters would train, not weight and bias.")
model.to("meta")
mask = getattr(model, "mask", None)
where = mask.device.type if torch.is_tensor(mask) else "no device"
check(where == "meta", "mask stayed on the CPU when the model moved.")
print("Right: linear and mask are both on", where)
