import torch

torch.manual_seed(0)
x = torch.randn(300, 300)
exact = x.double() @ x.double()
for threads in (1, 2, 4):
    torch.set_num_threads(threads)
    gap = (x @ x - exact).abs().max().item()
    print(torch.get_num_threads(), "threads, right to 1e-3:", gap < 1e-3)
