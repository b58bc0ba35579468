import torch

one = torch.tensor([100.0, -200.0, 50.0])  # the answers of two runs
other = torch.tensor([100.5, -201.0, 50.0])

# Your code:
# gap = ...  # the largest difference, as a share of the largest of one
gap = (one - other).abs().max() / one.abs().max()


# Check:
def check(fine, words):
    if not fine:
        raise SystemExit(f"Not yet: {words}")


check(gap is not ..., "write your expression in place of the three dots.")
is_number = isinstance(gap, int | float | torch.Tensor)
check(is_number, f"gap is a {type(gap).__name__}, no number.")
gap = torch.as_tensor(gap)
check(gap.numel() == 1, f"gap has {gap.numel()} numbers, not one.")
said = round(gap.item(), 5)
check(said != 1, "1 is the difference: divide it by the largest of one, 200.")
check(said != 0.01, "0.01 divides by 100: -200 is larger, without its sign.")
check(said != -0.0025, "a negative difference counts, too: take abs() first.")
check(said != 0.0025, "0.0025 is not the largest: take max(), not mean().")
check(said == 0.005, f"{said} is not the largest difference over the largest.")
print("Right: the runs differ by", said)
