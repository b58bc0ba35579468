import io

import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.layer = nn.Linear(2, 1)


model = Net()  # or the model that you loaded
file = io.BytesIO()
torch.save(model.state_dict(), file)
file.seek(0)
del Net


class Other(nn.Module):
    def __init__(self):
        super().__init__()
        self.layer = nn.Linear(2, 1)


print(Other().load_state_dict(torch.load(file)))
