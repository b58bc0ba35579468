import torch
from torch.optim.lr_scheduler import ReduceLROnPlateau

for mode in "min", "max":
    optimizer = torch.optim.SGD([torch.zeros(1)], lr=1.0)
    plateau = ReduceLROnPlateau(optimizer, mode, factor=0.5, patience=1)
    rates = []
    for accuracy in [0.5, 0.6, 0.7, 0.8, 0.9]:
        plateau.step(accuracy)
        rates += plateau.get_last_lr()
    print(mode, rates)
