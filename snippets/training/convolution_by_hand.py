import torch
from torch import nn

torch.manual_seed(0)
images = torch.rand(2, 3, 32, 32)  # (batch, channels, height, width)
layer = nn.Conv2d(3, 8, kernel_size=3)
out = layer(images)

print("images:", list(images.shape))
print("weight:", list(layer.weight.shape))
print("bias:  ", list(layer.bias.shape))
print("out:   ", list(out.shape))

window = images[0, :, 10:13, 20:23]  # all channels, 3 x 3 pixels
by_hand = (window * layer.weight[5]).sum() + layer.bias[5]
print("by hand:", torch.allclose(out[0, 5, 10, 20], by_hand))
