import torch

scores = torch.tensor([[2.0, 1.0, 9.0], [4.0, 8.0, 3.0], [3.0, 5.0, 10.0]])
y = torch.tensor([2, 1, 1])  # the right digit of each row

# Your code:
# accuracy = ...
accuracy = (scores.argmax(dim=1) == y).float().mean()


# Check:
def check(fine, words):
    if not fine:
        raise SystemExit(f"Not yet: {words}")


check(accuracy is not ..., "write your expression in place of the three dots.")
is_number = isinstance(accuracy, int | float | torch.Tensor)
check(is_number, f"accuracy is a {type(accuracy).__name__}, no number.")
accuracy = torch.as_tensor(accuracy)
shape = tuple(accuracy.shape)
check(accuracy.numel() == 1, f"accuracy has the shape {shape}: take the mean.")
accuracy = round(accuracy.item(), 3)
check(accuracy != 2, "2 is how many are right: divide by the rows.")
why = "argmax(dim=0) looks for the best row of each digit."
check(accuracy != 0.333, f"0.333 is the share by columns: {why}")
check(accuracy != 0, "no row is right: compare the places, by argmax.")
check(accuracy == 0.667, f"accuracy is {accuracy}, but 2 of 3 are right.")
print("Right: 2 of 3 digits")
