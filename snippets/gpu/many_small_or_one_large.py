from timeit import repeat

import torch

device = torch.accelerator.current_accelerator(
    check_available=True
) or torch.device("cpu")
torch.manual_seed(0)
torch.set_num_threads(1)  # on the CPU: no time goes into sharing work
a = torch.randn(1000, 8, 8).to(device)


def many_small():
    return torch.stack([x @ x for x in a])


def one_large():
    return a @ a


def best_time(way):
    def run():
        way()
        if device.type != "cpu":
            torch.accelerator.synchronize()  # wait until the device is done

    return min(repeat(run, number=1, repeat=20))  # seconds


print("same numbers:", torch.allclose(many_small(), one_large(), atol=1e-4))
faster = best_time(many_small) > 5 * best_time(one_large)
print("one large call is more than five times faster:", faster)
