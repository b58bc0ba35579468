# figure: A loss curve over 100 epochs, uninterrupted. Dots on it from
#    epoch 50 on: the run resumed with its optimizer. A second curve from
#    epoch 50, resumed with the model alone, jumps up and comes back late.
import copy

import matplotlib.pyplot as plt
import torch
from torch import nn

torch.manual_seed(0)
x = torch.rand(64, 3)
model = nn.Sequential(nn.Linear(3, 16), nn.Tanh(), nn.Linear(16, 1))
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)


def train(model, optimizer):
    for _ in range(50):
        loss = nn.functional.mse_loss(model(x), x.prod(1, True))
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
        yield loss.item()


before = list(train(model, optimizer))
state = copy.deepcopy((model.state_dict(), optimizer.state_dict()))
fig, ax = plt.subplots(figsize=(5.4, 3.5))
ax.plot(before + list(train(model, optimizer)), label="uninterrupted")
runs = {"resumed: model, optimizer": "C2.", "resumed: model alone": "C1"}
for label, style in runs.items():
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
    model.load_state_dict(state[0])
    if "optimizer" in label:
        optimizer.load_state_dict(state[1])
    after = list(train(model, optimizer))
    ax.plot(range(50, 100), after, style, label=label)
ax.set(xlabel="epoch", ylabel="loss")
ax.legend(loc="lower left", bbox_to_anchor=(0, 1))
fig.savefig("resume_without_the_optimizer.svg")
