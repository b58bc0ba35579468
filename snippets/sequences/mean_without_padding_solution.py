import torch

x = torch.tensor([[4.0, 0.0, 6.0, 2.0], [3.0, 8.0, 0.0, 0.0]])
lengths = torch.tensor([4, 2])

# Your code:
# means = ...  # (2,)
means = x.sum(dim=1) / lengths


# Check:
def check(fine, words):
    if not fine:
        raise SystemExit(f"Not yet: {words}")


check(means is not ..., "write your expression in place of the three dots.")
kind = type(means).__name__
check(torch.is_tensor(means), f"means is a {kind}, no tensor.")
shape = tuple(means.shape)
check(shape == (2,), f"the shape of means is {shape}, not (2,).")
said = [round(mean, 2) for mean in means.tolist()]
check(said != [3, 2.75], "3.0 and 2.75: the padding of row 1 was counted.")
check(said != [4, 5.5], "4.0 and 5.5: the 0 in row 0 is data, not padding.")
check(
    said == [3, 5.5], f"the means are {said}, not those of 4 and of 2 places."
)
print("Right: the means are", said)
