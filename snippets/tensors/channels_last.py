import torch

x = torch.arange(12.0).reshape(1, 3, 2, 2)  # (batch, channels, h, w)
last = x.to(memory_format=torch.channels_last)

print(x.shape == last.shape, torch.equal(x, last))
print("x   ", x.stride(), x.is_contiguous())
print("last", last.stride(), last.is_contiguous())
