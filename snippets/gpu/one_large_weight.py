import torch

torch.manual_seed(0)
weight = torch.randn(4, 64)
for largest in (1.0, 100.0):
    weight[0, 0] = largest
    scales = {
        "one scale": weight.abs().max() / 127,
        "a scale for each row": weight.abs().amax(1, keepdim=True) / 127,
    }
    for name, scale in scales.items():
        rounded = scale * (weight / scale).round()
        error = (rounded - weight)[1:].abs().max()
        print(f"a weight of {largest:3.0f}, {name}: error {error:.3f}")
