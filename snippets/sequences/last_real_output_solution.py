import torch

y = torch.arange(24.0).reshape(2, 4, 3)  # (batch, time, features)
lengths = torch.tensor([4, 2])

# Your code:
# last = ...  # (2, 3)
last = y[torch.arange(2), lengths - 1]


# Check:
def check(fine, words):
    if not fine:
        raise SystemExit(f"Not yet: {words}")


check(last is not ..., "write your expression in place of the three dots.")
kind = type(last).__name__
check(torch.is_tensor(last), f"last is a {kind}, no tensor.")
shape = tuple(last.shape)
why = "you want one place of each sequence: pair the sequences with places."
check(shape != (2, 2, 3), f"the shape is (2, 2, 3), but {why}")
check(shape == (2, 3), f"the shape of last is {shape}, not (2, 3).")
first, second = last.tolist()
check(first == [9, 10, 11], f"of sequence 0 you took {first}.")
place = "the last place, which is padding."
check(second != [21, 22, 23], f"of sequence 1 you took {place}")
check(second == [15, 16, 17], f"of sequence 1 you took {second}.")
print("Right:", last.tolist())
