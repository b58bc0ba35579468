import torch

w = torch.tensor(0.0, requires_grad=True)  # float32
optimizer = torch.optim.SGD([w], lr=1.0)
scale = 2.0**16

for size in [2.0**-30, 1.0, 2.0**-30]:  # of the gradient
    loss = w.half().float() * size
    (loss * scale).backward()  # float16 on its way to w
    found = w.grad.item()
    w.grad /= scale
    if w.grad.isfinite():
        optimizer.step()
        note = "step"
    else:
        scale /= 2
        note = "skipped"
    optimizer.zero_grad()
    print(f"scaled gradient {found:<12} {note:8} scale {scale:.0f}")
print("w:", w.item(), "by hand:", -2 * 2.0**-30)
