import torch

torch.manual_seed(0)
train = torch.randn(80)
valid = torch.randn(20) + 3  # measured later, with another device
both = torch.cat([train, valid])

for name, source in [("all", both), ("train", train), ("valid", valid)]:
    scaled = (valid - source.mean()) / source.std()
    print(f"by {name:5} valid has mean {scaled.mean().abs():.1f}")
