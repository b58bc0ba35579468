import torch

rank_0, rank_1 = torch.tensor([1.0, 2.0, 2.0]), torch.tensor([0.0, 4.0, 0.0])
norms = torch.stack([rank_0.norm(), rank_1.norm()])  # of the rows of each

# Your code:
# norm = ...  # of the whole gradient, from norms
norm = norms.square().sum().sqrt()


# Check:
def check(fine, words):
    if not fine:
        raise SystemExit(f"Not yet: {words}")


check(norm is not ..., "write your expression in place of the three dots.")
is_number = isinstance(norm, int | float | torch.Tensor)
check(is_number, f"norm is a {type(norm).__name__}, no number.")
norm = torch.as_tensor(norm)
check(norm.numel() == 1, f"norm has {norm.numel()} numbers, not one.")
said = round(norm.item(), 3)
check(said != 7, "7 is the sum of the norms: add up their squares.")
check(said != 3.5, "3.5 is the mean of the norms, which no gradient has.")
check(said != 4, "4 is the larger norm: the other rank counts, too.")
check(said != 25, "25 is the sum of the squares: take its root.")
check(said == 5, f"{said} is not the norm of all six numbers.")
print("Right: the norm is", torch.cat([rank_0, rank_1]).norm().item())
