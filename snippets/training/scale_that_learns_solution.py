import torch
from torch import nn


# Your code:
# class Scale(nn.Module):
#     def __init__(self):
#         super().__init__()
#         self.scale = torch.ones(3, requires_grad=True)
#
#     def forward(self, x):
#         return x * self.scale
class Scale(nn.Module):
    def __init__(self):
        super().__init__()
        self.scale = nn.Parameter(torch.ones(3))

    def forward(self, x):
        return x * self.scale


# Check:
def check(fine, words):
    if not fine:
        raise SystemExit(f"Not yet: {words}")


layer, x = Scale(), torch.tensor([[1.0, 2.0, 3.0]])
check(layer(x) is not None, "forward returns nothing.")
check(layer(x).equal(x), f"at first, it returns {layer(x).tolist()}.")
learns, kept = list(layer.parameters()), list(layer.state_dict())
check(learns or not kept, "a buffer is saved, but no optimizer gets it.")
check(learns, "parameters() is empty: the module does not know its tensor.")
sizes = [tuple(p.shape) for p in learns]
check(sizes == [(3,)], f"the parameters have the shapes {sizes}, not (3,).")
out = layer(x).sum()
check(out.requires_grad, "forward does not use the parameter, or detaches it.")
out.backward()
slope = learns[0].grad.tolist()
check(slope == [1, 2, 3], f"the gradient is {slope}, not [1, 2, 3].")
print("Right: the gradient of the scale is", slope)
