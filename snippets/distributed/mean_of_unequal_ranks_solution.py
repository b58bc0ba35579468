import torch

losses = torch.tensor([2.0, 5.0])  # the mean loss of each rank
counts = torch.tensor([6, 2])  # how many examples it has

# Your code:
# mean = ...  # over all eight examples
mean = (losses * counts).sum() / counts.sum()


# Check:
def check(fine, words):
    if not fine:
        raise SystemExit(f"Not yet: {words}")


check(mean is not ..., "write your expression in place of the three dots.")
is_number = isinstance(mean, int | float | torch.Tensor)
check(is_number, f"mean is a {type(mean).__name__}, no number.")
mean = torch.as_tensor(mean)
check(mean.numel() == 1, f"mean has {mean.numel()} numbers, not one.")
mean = round(mean.item(), 3)
why = "the rank with two examples counts as much as that with six."
check(mean != 3.5, f"3.5 is the mean of the ranks: {why}")
check(mean != 22, "22 is the sum over all examples: divide it by eight.")
check(mean != 11, "11 divides the sum by two ranks, not by eight examples.")
why = "a mean loss counts once for each example of its rank."
check(mean == 2.75, f"mean is {mean}: {why}")
print("Right: the mean over all examples is", mean)
