import io

import torch
from torch import nn

file = io.BytesIO()
torch.save(nn.Linear(2, 1).state_dict(), file)
file.seek(0)
model = nn.Linear(2, 1)
model.load_state_dict(torch.load(file))
print(model.eval().training)
