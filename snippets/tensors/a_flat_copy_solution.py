import torch

t = torch.tensor([[1, 2, 3], [4, 5, 6]])

# Your code:
# flat = ...  # (6,): memory of its own
flat = t.flatten().clone()


# Check:
def check(fine, words):
    if not fine:
        raise SystemExit(f"Not yet: {words}")


check(flat is not ..., "write your expression in place of the three dots.")
kind = type(flat).__name__
check(torch.is_tensor(flat), f"flat is a {kind}, no tensor.")
shape = tuple(flat.shape)
check(shape == (6,), f"the shape of flat is {shape}, not (6,).")
check(flat.tolist() == [1, 2, 3, 4, 5, 6], f"flat is {flat.tolist()}.")
flat[0] = 99
seen = t[0, 0].item()
check(seen == 1, f"the write to flat changed t to {seen}: flat is a view.")
print("Right: t is still", t.tolist())
