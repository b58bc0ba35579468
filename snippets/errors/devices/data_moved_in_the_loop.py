import torch
from torch.utils.data import DataLoader

device = torch.accelerator.current_accelerator(
    check_available=True
) or torch.device("cpu")

if __name__ == "__main__":
    for x in DataLoader(torch.arange(4.0), batch_size=2, num_workers=1):
        x = x.to(device)  # here, not in the dataset
        print(x.tolist())
