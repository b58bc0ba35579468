import torch

scores = torch.tensor([0.8, 0.9, 0.6, 0.7])  # of four boxes
shared = torch.tensor(  # by each two of them, of what they cover together
    [
        [1.0, 0.6, 0.0, 0.6],
        [0.6, 1.0, 0.1, 0.2],
        [0.0, 0.1, 1.0, 0.3],
        [0.6, 0.2, 0.3, 1.0],
    ]
)

# Your code:
# kept = ...  # a list of the numbers of boxes, from 0 to 3
kept = []
for i in scores.argsort(descending=True).tolist():
    if all(shared[i, j] <= 0.5 for j in kept):
        kept.append(i)


# Check:
def check(fine, words):
    if not fine:
        raise SystemExit(f"Not yet: {words}")


check(kept is not ..., "write your lines in place of the three dots.")
kept = kept.tolist() if isinstance(kept, torch.Tensor) else kept
check(isinstance(kept, list), f"kept is a {type(kept).__name__}, no list.")
numbers = all(type(i) is not bool and i in range(4) for i in kept)
check(numbers, f"kept is {kept}: give numbers of boxes, from 0 to 3.")
found = sorted({int(i) for i in kept})
check(found != [0, 1, 2, 3], "all boxes stay, and 0 and 1 share 0.6.")
check(not {0, 1} <= {*found}, "0 and 1 both stay, and they share 0.6.")
check(0 not in found, "box 0 stays, not 1: begin with the highest score.")
check(1 in found, f"boxes {found} stay, without 1, the likeliest.")
check(3 in found, "box 3 goes, but shares 0.6 only with 0, which goes, too.")
check(2 in found, "box 2 is dropped, and shares 0.3 at most.")
print("Right: three boxes stay, one for each digit")
