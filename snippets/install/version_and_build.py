import torch

print("version:", torch.__version__)
print("built for CUDA:", torch.version.cuda)
print("GPU found:", torch.accelerator.is_available())
