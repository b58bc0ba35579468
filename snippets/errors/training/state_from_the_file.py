import io

import torch
from torch import nn

file = io.BytesIO()  # or a path, such as "model.pt"
trained = nn.Linear(2, 1)
torch.save(trained.state_dict(), file)
file.seek(0)
model = nn.Linear(2, 1)
print(model.load_state_dict(torch.load(file)))
