# raises: RuntimeError
from torch import nn

model = nn.Sequential(nn.Linear(2, 1))
saved = nn.DataParallel(model).state_dict()
print(list(saved))
try:
    model.load_state_dict(saved)
except RuntimeError as error:  # on a page, spaces for its tabs
    raise RuntimeError(str(error).expandtabs(2)) from None
