import re

import torch
from torch import nn
from torch.profiler import ProfilerActivity, profile

torch.manual_seed(0)
model = nn.Sequential(nn.Linear(64, 128), nn.ReLU(), nn.Linear(128, 10))
x = torch.randn(32, 64)

with profile(activities=[ProfilerActivity.CPU]) as profiler:
    model(x)

found = profiler.key_averages()
table = found.table(sort_by="self_cpu_time_total", row_limit=5)
print("columns:", re.split(r"  +", table.splitlines()[1].strip()))
for row in sorted(found, key=lambda row: row.key):
    if row.count == 2:  # as many as there are layers
        print(f"{row.key}: {row.count} calls")
