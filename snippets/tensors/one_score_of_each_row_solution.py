import torch

scores = torch.tensor([[0.1, 0.7, 0.2], [0.5, 0.3, 0.2], [0.1, 0.6, 0.3]])
y = torch.tensor([1, 2, 0])  # the class of each row

# Your code:
# picked = ...  # (3,): one score of each row
picked = scores[torch.arange(3), y]


# Check:
def check(fine, words):
    if not fine:
        raise SystemExit(f"Not yet: {words}")


shape = tuple(getattr(picked, "shape", ()))
check(picked is not ..., "write your expression in place of the three dots.")
kind = type(picked).__name__
check(torch.is_tensor(picked), f"picked is a {kind}, no tensor.")
why = "y alone takes whole rows or columns."
check(shape != (3, 3), f"the shape is (3, 3), because {why}")
check(shape == (3,), f"the shape of picked is {shape}, not (3,).")
said = [round(score, 1) for score in picked.tolist()]
why = "take that of the class in y, high or low."
check(said != [0.7, 0.5, 0.6], f"{said} are the highest scores: {why}")
right = [0.7, 0.2, 0.1]
number = next((n for n in range(3) if said[n] != right[n]), 0)
why = f"row {number} should give that of class {y[number]}."
check(said == right, f"picked is {said}: {why}")
print("Right:", said)
