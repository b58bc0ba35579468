import torch

one = torch.tensor([100.0, -200.0, 50.0])  # the answers of two runs
other = torch.tensor([101.0, -200.4, 50.2])


# Your code:
# def gap(one, other):
#     return ...  # the largest difference, as a share of the largest of one
def gap(one, other):
    return (one - other).abs().max() / one.abs().max()


# Check:
def check(fine, words):
    if not fine:
        raise SystemExit(f"Not yet: {words}")


for sign in (1, -1):
    said = gap(sign * one, sign * other)
    check(said is not ..., "write your expression in place of the dots.")
    is_number = isinstance(said, int | float | torch.Tensor)
    check(is_number, f"gap is a {type(said).__name__}, no number.")
    said = torch.as_tensor(said)
    check(said.numel() == 1, f"gap has {said.numel()} numbers, not one.")
    said = round(said.item(), 5)
    check(said != 1, "1 is the difference: divide it by the largest, 200.")
    why = "-200 is larger, without its sign."
    check(said != 0.01, f"0.01 divides by 100: {why}")
    words = "a negative difference counts, too: take abs() first."
    check(said not in (-0.005, 0.002), words)
    check(
        said != 0.00267, "0.00267 is not the largest: take max(), not mean()."
    )
    words = f"{said} is not the largest difference over the largest."
    check(said == 0.005, words)
print("Right: the runs differ by", said)
