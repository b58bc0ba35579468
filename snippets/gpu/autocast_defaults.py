import torch

for kind in ["cpu", "cuda", "xpu", "mps"]:
    print(f"{kind:4}  {torch.get_autocast_dtype(kind)}")
