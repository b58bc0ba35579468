import torch

device = torch.accelerator.current_accelerator(
    check_available=True
) or torch.device("cpu")
end = torch.Event(device) if device.type != "cpu" else None


def all_done():
    return end is None or end.query()  # a CPU's call returns when it is done


n = 4096 if end else 256  # a GPU needs more to be busy
x = torch.ones(n, n, device=device)
y = x @ x  # the first one also prepares
for _ in range(20):
    y = x @ x
if end:
    end.record()
print("done when the last call returned:", all_done())
print("a number of the result:", y[0, 0].item())
print("done after .item():", all_done())
