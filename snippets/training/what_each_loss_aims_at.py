import torch
import torch.nn.functional as F

y = torch.tensor([1.0, 2.0, 3.0, 4.0, 100.0])  # the last one is a mistake
losses = {
    "mse_loss": F.mse_loss,
    "l1_loss": F.l1_loss,
    "huber_loss": lambda a, b: F.huber_loss(a, b, delta=10),
    "smooth_l1_loss": lambda a, b: F.smooth_l1_loss(a, b, beta=10),
}
answers = torch.arange(0, 50, 0.5)  # always give this number
for name, loss in losses.items():
    values = torch.stack([loss(a.expand(5), y) for a in answers])
    best = answers[values.argmin()].item()
    print(f"{name:15} best answer {best:4}, loss {values.min():.2f}")
