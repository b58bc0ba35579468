# figure: The validation loss falls for seven epochs, then rises. Dots on the
#   falling part mark each epoch that saves. Three epochs after the lowest, a
#   dashed line: rate halved. Two later, a solid line: stopped, best restored.
import matplotlib.pyplot as plt
import torch

w = torch.zeros(1, requires_grad=True)
optimizer = torch.optim.SGD([w], lr=0.05)
plateau = torch.optim.lr_scheduler.ReduceLROnPlateau(
    optimizer, patience=2, factor=0.5
)
losses, saved, rates = [], [], []
while not saved or len(losses) - 1 - saved[-1] < 5:  # EarlyStopping
    loss = (w - 2).square().sum()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    losses.append((w - 1).square().item())
    if losses[-1] == min(losses):
        saved.append(len(losses) - 1)  # ModelCheckpoint
    plateau.step(losses[-1])
    rates += plateau.get_last_lr()
lowered = rates.index(0.025)  # ReduceLROnPlateau

fig, ax = plt.subplots(figsize=(5.4, 3.2))
ax.plot(losses, "C0")
ax.plot(saved, [losses[epoch] for epoch in saved], "C2o", label="saved")
ax.axvline(lowered, color="C1", ls="--", label="rate halved")
ax.axvline(len(losses) - 1, color="C3", label="stopped")
ax.set(xlabel="epoch", ylabel="validation loss")
ax.legend()
fig.savefig("callbacks_act.svg")
