import io

import torch
from torch import nn

model = nn.Linear(2, 1)
file = io.BytesIO()  # in your program, a name such as "model.pt"
torch.save(model.state_dict(), file)

file.seek(0)
again = nn.Linear(2, 1)  # other random weights
print(again.load_state_dict(torch.load(file)))
for name, value in model.state_dict().items():
    print(name, torch.equal(value, again.state_dict()[name]))
