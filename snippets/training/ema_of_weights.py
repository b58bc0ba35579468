import torch
from torch import nn
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

model = nn.Linear(1, 1, bias=False)
nn.init.ones_(model.weight)
ema = AveragedModel(model, multi_avg_fn=get_ema_multi_avg_fn(0.75))
ema.eval()  # it only predicts; model.eval() would not reach it
optimizer = torch.optim.SGD(model.parameters(), lr=0.25)

x = torch.tensor([[2.0]])
print("round      w  average")
for n in range(1, 11):
    loss = (model(x) - 6).square().mean()
    loss.backward()
    optimizer.step()
    optimizer.zero_grad()
    ema.update_parameters(model)
    now, average = model.weight.item(), ema.module.weight.item()
    print(f"{n:5} {now:6} {average:8.2f}")
