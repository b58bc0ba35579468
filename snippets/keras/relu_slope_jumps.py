import torch

print("dtype    z      slope of tanh  of ReLU")
for dtype in torch.float32, torch.float64:
    w = torch.tensor(0.5, dtype=dtype)
    b = -w  # so that z is exactly 0
    for bias in b, torch.nextafter(b, w):
        z = (w + bias).requires_grad_()
        (tanh,) = torch.autograd.grad(torch.tanh(z), z)
        (relu,) = torch.autograd.grad(torch.relu(z), z)
        print(f"{str(dtype)[6:]}  {z:.0e}  {tanh:13}  {relu}")
