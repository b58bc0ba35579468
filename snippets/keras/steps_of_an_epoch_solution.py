import torch

samples, processes = 960, 4
batch_size = 8  # of the loader that each process makes
parts = 2  # batches whose gradients are added up before a step

# Your code:
# steps = ...  # of the optimizer in an epoch
steps = samples // (batch_size * processes * parts)


# Check:
def check(fine, words):
    if not fine:
        raise SystemExit(f"Not yet: {words}")


check(steps is not ..., "write your expression in place of the three dots.")
is_number = isinstance(steps, int | float | torch.Tensor)
check(is_number, f"steps is a {type(steps).__name__}, no number.")
check(torch.as_tensor(steps).numel() == 1, "steps is no single number.")
check(steps != 120, "120 is that of one process: four work at a time.")
check(steps != 30, "30 counts each batch: two of them make a step.")
check(steps != 60, "60 is that of one process: four work at a time.")
check(steps != 64, "64 are the samples of a step: how many steps is that?")
check(steps == 15, f"{steps} steps do not use each sample once.")
print("Right:", steps, "steps, each of", samples // steps, "samples")
