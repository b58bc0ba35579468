import torch

for kind in ("cuda", "hip", "xpu"):
    print(f"built for {kind}:", getattr(torch.version, kind))
print("built for mps:", torch.backends.mps.is_built())
print("GPU that works:", torch.accelerator.is_available())
device = torch.accelerator.current_accelerator(check_available=True)
print("device:", device or torch.device("cpu"))
