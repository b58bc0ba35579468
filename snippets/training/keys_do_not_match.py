# raises: RuntimeError
from torch import nn

model = nn.Sequential(nn.Linear(2, 1))
saved = nn.DataParallel(model).state_dict()
print(list(saved))
model.load_state_dict(saved)
