import torch

scores = torch.tensor([[1.0, 2.0, 6.0], [4.0, 4.0, 4.0], [0.0, 5.0, 7.0]])
before = scores.clone()

# Your code:
# centred = ...  # (3, 3): each row less its own mean
centred = scores - scores.mean(dim=1, keepdim=True)


# Check:
def check(fine, words):
    if not fine:
        raise SystemExit(f"Not yet: {words}")


shape = tuple(getattr(centred, "shape", ()))
check(centred is not ..., "write your expression in place of the three dots.")
kind = type(centred).__name__
check(torch.is_tensor(centred), f"centred is a {kind}, no tensor.")
check(shape == (3, 3), f"the shape of centred is {shape}, not (3, 3).")
gone = before - centred
row = [round(number, 1) for number in gone[0].tolist()]
why = "each row loses one number: give means of (3,) the shape (3, 1)."
check(gone.std(dim=1).max() < 1e-6, f"the first row lost {row}, but {why}")
means = [round(mean, 1) for mean in centred.mean(dim=1).tolist()]
check(means == [0, 0, 0], f"the means of the rows are {means}, not 0.")
print("Right: the rows lost", gone[:, 0].tolist())
