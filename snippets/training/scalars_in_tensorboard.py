# needs: tensorboard
# takes: 20 s
import tempfile

import torch
from tensorboard.backend.event_processing import event_accumulator
from torch.utils.tensorboard import SummaryWriter

w = torch.tensor(0.0, requires_grad=True)
optimizer = torch.optim.SGD([w], lr=0.1)
with tempfile.TemporaryDirectory() as folder:
    with SummaryWriter(folder) as writer:
        for epoch in range(3):
            loss = (w - 2) ** 2
            loss.backward()
            optimizer.step()
            optimizer.zero_grad()
            writer.add_scalar("loss/train", loss.item(), epoch)
            writer.add_scalar("no step", loss.item())

    events = event_accumulator.EventAccumulator(folder)
    events.Reload()
    for event in events.Scalars("loss/train"):
        print(f"epoch {event.step}: loss {event.value:.4f}")
    print("no step:", [event.step for event in events.Scalars("no step")])
