import torch

labels = torch.tensor([0, 0, 0, 0, 1, 1, 1, 1, 0, 0])
answers = torch.tensor([0, 1, 0, 1, 1, 1, 0, 1, 0, 0])

# Your code:
# recall = ...  # of class 1
found = (answers == 1) & (labels == 1)
recall = found.sum() / (labels == 1).sum()


# Check:
def check(fine, words):
    if not fine:
        raise SystemExit(f"Not yet: {words}")


check(recall is not ..., "write your expression in place of the three dots.")
is_number = isinstance(recall, int | float | torch.Tensor)
check(is_number, f"recall is a {type(recall).__name__}, no number.")
recall = torch.as_tensor(recall)
check(recall.dim() == 0, f"recall has the shape {tuple(recall.shape)}.")
recall = round(recall.item(), 3)
check(recall != 0.7, "0.7 is the accuracy, which counts class 0, too.")
check(recall != 0.3, "0.3 is a part of all ten samples.")
check(recall != 3, "3 is a count: divide it by the size of the class.")
check(recall != 0.6, "0.6 is the precision: it divides by the answers.")
check(recall == 0.75, f"recall is {recall}, but 3 of 4 were found.")
print("Right: the recall is", recall)
