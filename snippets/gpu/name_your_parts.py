import torch
from torch import nn
from torch.profiler import profile, record_function, schedule

torch.manual_seed(0)
model = nn.Linear(64, 10)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
x, y = torch.randn(32, 64), torch.zeros(32, dtype=torch.long)

plan = schedule(wait=1, warmup=1, active=3)
with profile(schedule=plan) as profiler:
    for _ in range(5):
        with record_function("forward"):
            loss = nn.functional.cross_entropy(model(x), y)
        with record_function("backward"):
            loss.backward()
        with record_function("update"):
            optimizer.step()
            optimizer.zero_grad()
        profiler.step()

calls = {row.key: row.count for row in profiler.key_averages()}
for name in ("forward", "backward", "update"):
    print(f"{name}: {calls[name]} of 5 rounds")
