import torch
from torch import nn

trained = nn.Linear(2, 1, bias=False)
model = nn.Linear(2, 1, bias=False, device="meta")
model.load_state_dict(trained.state_dict(), assign=True)
print(torch.equal(model.weight, trained.weight))
