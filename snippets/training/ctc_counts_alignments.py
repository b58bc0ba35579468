import torch
import torch.nn.functional as F

target = torch.tensor([[1, 1, 2]])  # "aab"; 0 is the blank


def loss(steps, **options):
    log_probs = torch.zeros(steps, 1, 3).log_softmax(dim=2)  # (T, N, C)
    return F.ctc_loss(
        log_probs, target, [steps], [3], reduction="sum", **options
    )


for steps in (3, 4, 5):
    value = loss(steps)
    count = 3**steps * torch.exp(-value)
    print(f"{steps} steps: loss {value:.3f}, {count:.0f} ways")
print(loss(3, zero_infinity=True))
