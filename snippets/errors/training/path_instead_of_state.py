# raises: TypeError
from torch import nn

model = nn.Linear(2, 1)
model.load_state_dict("model.pt")
