import torch

table = torch.tensor([[1, 2, 3], [4, 5, 6]])

# Your code:
# batch = ...  # (1, 3, 2): one table, whose rows are the columns of this one
batch = table.T.unsqueeze(0)


# Check:
def check(fine, words):
    if not fine:
        raise SystemExit(f"Not yet: {words}")


check(batch is not ..., "write your expression in place of the three dots.")
kind = type(batch).__name__
check(torch.is_tensor(batch), f"batch is a {kind}, no tensor.")
shape = tuple(batch.shape)
check(len(shape) == 3, f"the shape is {shape}: a batch of one has 3 sizes.")
check(shape[0] == 1, f"the shape is {shape}, but the batch has 1 table.")
check(shape == (1, 3, 2), f"{shape} is no table of 3 rows and 2 columns.")
row = batch[0, 0].tolist()
why = "reshape keeps the reading order, and does not turn the table."
check(row != [1, 2], f"the first row is [1, 2], not [1, 4]: {why}")
check(row == [1, 4], f"the first row is {row}, not [1, 4].")
check(batch[0, 2].tolist() == [3, 6], "the last row is not [3, 6].")
print("Right:", batch.tolist())
