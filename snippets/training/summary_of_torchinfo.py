# needs: torchinfo
import torch
from torch import nn
from torchinfo import summary

model = nn.Sequential(
    nn.Conv2d(1, 8, 3), nn.BatchNorm2d(8), nn.Flatten(), nn.Linear(5408, 10)
)
columns = ("output_size", "num_params")
found = summary(model, (4, 1, 28, 28), col_names=columns, verbose=0)
for layer in found.summary_list[1:]:
    print(f"{layer.class_name:12} {layer.output_size!s:18} {layer.num_params}")
print("torchinfo:", found.total_params)
print("by hand:  ", sum(p.numel() for p in model.parameters()))

tied = nn.Sequential(nn.Linear(4, 4), nn.Dropout(), nn.Linear(4, 4))
tied[2].weight = tied[0].weight  # one matrix, used twice
print("torchinfo:", summary(tied, (1, 4), verbose=0).total_params)
print("by hand:  ", sum(p.numel() for p in tied.parameters()))

batch = {"input_data": torch.ones(1, 4)}
choices = ({}, {"input_size": (1, 4)}, batch, batch | {"mode": "train"})
for options in choices:
    torch.manual_seed(0)
    if options:
        summary(tied, verbose=0, **options)
    order = torch.randperm(6).tolist()
    print(*options or ["no summary"], order)
