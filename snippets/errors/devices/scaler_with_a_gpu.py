import torch

gpu = torch.cuda.is_available()
scaler = torch.amp.GradScaler("cuda", enabled=gpu)
print(scaler.is_enabled() == gpu)
