import torch
from torch import nn
from torch.nn.modules.utils import (
    consume_prefix_in_state_dict_if_present as strip,
)

model = nn.Sequential(nn.Linear(2, 1))
for wrapped, prefix in [
    (nn.DataParallel(model), "module."),
    (torch.compile(model), "_orig_mod."),
]:
    saved = wrapped.state_dict()
    print(list(saved))
    strip(saved, prefix)
    print(model.load_state_dict(saved))
