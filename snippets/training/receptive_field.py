import torch
from torch import nn


def field(*layers):
    """The side of the square of pixels that one output number sees."""
    image = torch.ones(1, 1, 65, 65, requires_grad=True)
    model = nn.Sequential(*layers)
    for weight in model.parameters():
        nn.init.ones_(weight)
    out = model(image)
    middle = out.shape[-1] // 2
    out[0, 0, middle, middle].backward()
    seen = image.grad[0, 0].any(dim=0).nonzero()
    return int(seen.max() - seen.min()) + 1


def conv(**settings):
    return nn.Conv2d(1, 1, 3, **settings)


print("3 layers:       ", [field(*[conv()] * n) for n in (1, 2, 3)])
strided = [conv(stride=2)] * 3
print("with stride 2:  ", [field(*strided[:n]) for n in (1, 2, 3)])
pools = [conv(), nn.AvgPool2d(2), conv(), nn.AvgPool2d(2), conv()]
print("with two pools: ", [field(*pools[:n]) for n in (1, 3, 5)])
dilated = [conv(dilation=2**n) for n in range(3)]
print("dilation 1 2 4: ", [field(*dilated[:n]) for n in (1, 2, 3)])
