import torch

x = torch.zeros(2**17)
x[0] = 2**24  # above it, float32 has only even numbers
x[-4:] = 1

for threads in (1, 2):
    torch.set_num_threads(threads)
    print(threads, x.sum().item() - 2**24)
