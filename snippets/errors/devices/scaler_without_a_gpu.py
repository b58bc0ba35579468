# warns: UserWarning
import torch

scaler = torch.amp.GradScaler("cuda")
print(scaler.is_enabled())
