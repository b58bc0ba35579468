import torch

t = torch.tensor([[1, -2, 3], [4, 5, -6], [-7, -8, 9]])
before = t.clone()

# Your code:
# ...  # change t: no negative number stays in its second column
t[t[:, 1] < 0, 1] = 0


# Check:
def check(fine, words):
    if not fine:
        raise SystemExit(f"Not yet: {words}")


check(torch.is_tensor(t) and t.shape == (3, 3), "t is no table any more.")
why = "behind a mask, a second pair of brackets writes into a copy."
check(not t.equal(before), f"t has not changed. Write in one step: {why}")
rest = [0, 2]
check(t[:, rest].equal(before[:, rest]), "other columns have changed, too.")
column = t[:, 1].tolist()
check(column[1] == 5, "the 5 is gone: it was not negative.")
check(column == [0, 5, 0], f"the second column is {column}, not [0, 5, 0].")
print("Right:", t.tolist())
