import torch


def gradient(dtype, scale):
    w = torch.tensor(1.0, dtype=dtype, requires_grad=True)
    loss = w * 2.0**-15 * 2.0**-15 * scale
    loss.backward()
    return w.grad.float().item() / scale


print("by hand: ", 2.0**-30)
print("float32: ", gradient(torch.float32, 1.0))
print("bfloat16:", gradient(torch.bfloat16, 1.0))
print("float16: ", gradient(torch.float16, 1.0))
print("float16, scaled:", gradient(torch.float16, 2.0**15))
