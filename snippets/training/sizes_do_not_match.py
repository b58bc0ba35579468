# raises: RuntimeError
from torch import nn

saved = nn.Linear(4, 10).state_dict()  # trained for ten classes
model = nn.Linear(4, 3)  # now there are three
model.load_state_dict(saved, strict=False)
