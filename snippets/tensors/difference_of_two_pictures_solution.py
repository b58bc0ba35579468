import torch

before = torch.tensor([[30, 200], [0, 90]], dtype=torch.uint8)
after = torch.tensor([[10, 250], [255, 90]], dtype=torch.uint8)

# Your code:
# change = ...  # (2, 2): after less before, darker pixels below 0
change = after.to(torch.int16) - before.to(torch.int16)


# Check:
def check(fine, words):
    if not fine:
        raise SystemExit(f"Not yet: {words}")


check(change is not ..., "write your expression in place of the three dots.")
kind = type(change).__name__
check(torch.is_tensor(change), f"change is a {kind}, no tensor.")
shape = tuple(change.shape)
check(shape == (2, 2), f"the shape of change is {shape}, not (2, 2).")
first, bright = change[0, 0].item(), change[1, 0].item()
why = "uint8 went below 0 and began again at 255. Convert first."
check(first != 236, f"10 - 30 came out as 236, because {why}")
check(first == -20, f"10 - 30 came out as {first}, not -20.")
check(bright == 255, f"255 - 0 came out as {bright}: int8 ends at 127.")
check(change.sum() == 285, "another difference is wrong.")
print("Right:", change.tolist())
