import torch
from torch import nn

device = torch.accelerator.current_accelerator(
    check_available=True
) or torch.device("cpu")


def trained(seed):
    torch.manual_seed(seed)  # the CPU and all GPUs
    model = nn.Sequential(nn.Conv1d(1, 4, 3), nn.Dropout(), nn.Linear(14, 1))
    model.to(device)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    for _ in range(10):
        x = torch.randn(8, 1, 16, device=device)
        model(x).square().mean().backward()
        optimizer.step()
        optimizer.zero_grad()
    return nn.utils.parameters_to_vector(model.parameters())


torch.use_deterministic_algorithms(True)  # or an error
torch.backends.cudnn.benchmark = False  # choose no algorithm by its speed
print("equal weights:", torch.equal(trained(0), trained(0)))
