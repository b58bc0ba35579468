import torch
from torch.utils.data import DataLoader

device = torch.accelerator.current_accelerator(
    check_available=True
) or torch.device("cpu")
pin = device.type not in ("cpu", "mps")  # Apple's GPU does without
x = torch.ones(4, 3)
for batch in DataLoader(x, batch_size=2, pin_memory=pin):
    print(batch.shape, batch.is_pinned() == pin)
