# needs: accelerate
# takes: 20 s
import torch
from accelerate import Accelerator
from torch import nn

accelerator = Accelerator(cpu=True, mixed_precision="bf16")
model = nn.Sequential(nn.Linear(2, 9), nn.Linear(9, 1))
hidden = []
model[0].register_forward_hook(lambda *call: hidden.append(call[2].dtype))
model = accelerator.prepare(model)
answers = model(torch.ones(4, 2))

print("weights:", model[0].weight.dtype)
print("inside: ", *hidden)
print("answers:", answers.dtype)
