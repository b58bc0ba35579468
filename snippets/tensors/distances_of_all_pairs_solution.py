import torch

a = torch.tensor([[0.0, 0.0], [3.0, 0.0], [0.0, 4.0]])
b = torch.tensor([[0.0, 0.0], [3.0, 4.0], [6.0, 8.0], [0.0, 1.0]])

# Your code:
# distances = ...  # (3, 4): from point i of a to point j of b
distances = ((a[:, None] - b) ** 2).sum(dim=2).sqrt()


# Check:
def check(fine, words):
    if not fine:
        raise SystemExit(f"Not yet: {words}")


check(distances is not ..., "write your expression in place of the dots.")
kind = type(distances).__name__
check(torch.is_tensor(distances), f"distances is a {kind}, no tensor.")
shape = tuple(distances.shape)
check(shape != (4, 3), "the shape is (4, 3): the points of a belong in rows.")
check(len(shape) < 3, f"the shape is {shape}: x and y are still apart.")
check(shape == (3, 4), f"the shape of distances is {shape}, not (3, 4).")
said = distances[1, 3].item()
check(abs(said - 10) > 1e-4, "(3, 0) and (0, 1) are 10 apart: take the root.")
check(abs(said - 10**0.5) < 1e-4, f"(3, 0) and (0, 1) are {said:.2f} apart.")
check(abs(distances.sum() - 51.92) < 0.01, "another distance is wrong.")
print("Right: the first row is", distances[0].tolist())
