import torch

device = torch.accelerator.current_accelerator(
    check_available=True
) or torch.device("cpu")
w = torch.ones((), device=device, requires_grad=True)
optimizer = torch.optim.SGD([w], lr=1.0)
scaler = torch.amp.GradScaler(device.type, init_scale=2.0**16)

for size in [0.25, 2.0, 0.25]:  # of the gradient
    loss = w.half().float() * size
    scaler.scale(loss).backward()  # float16 on its way to w
    scaler.step(optimizer)
    scaler.update()
    optimizer.zero_grad()
    print(
        f"gradient {size:<4}  w {w.item():<5}  scale {scaler.get_scale():.0f}"
    )
