import torch

a = torch.tensor([0.0, 0.0, 4.0, 2.0])  # left, top, right, bottom
b = torch.tensor([2.0, 1.0, 6.0, 4.0])
beside = torch.tensor([10.0, 0.0, 14.0, 2.0])
below = torch.tensor([0.0, 10.0, 4.0, 12.0])
both = torch.tensor([5.0, 3.0, 9.0, 5.0])  # beside and below


# Your code:
# def overlap(a, b):
#     return ...  # from 0, apart, to 1, equal
def overlap(a, b):
    start, end = torch.maximum(a[:2], b[:2]), torch.minimum(a[2:], b[2:])
    shared = (end - start).clamp(min=0).prod()
    whole = (a[2:] - a[:2]).prod() + (b[2:] - b[:2]).prod()
    return shared / (whole - shared)


# Check:
def check(fine, words):
    if not fine:
        raise SystemExit(f"Not yet: {words}")


said = overlap(a, b)
check(said is not ..., "write the function in place of the dots.")
check(said is not None, "overlap returns nothing.")
is_number = isinstance(said, int | float | torch.Tensor)
check(is_number, f"overlap returns a {type(said).__name__}, no number.")
check(torch.as_tensor(said).numel() == 1, "overlap returns several numbers.")
boxes = (a, b, beside, below, both)
same, half, *none = (round(float(overlap(a, c)), 3) for c in boxes)
check(same != 0.5, "equal boxes get 0.5: what they share was counted twice.")
check(same == 1, f"equal boxes get {same}, not 1.")
check(half != 0.1, "2 of 20 is 0.1: what they share was counted twice.")
check(half == 0.111, f"a and b get {half}, not 2 / 18.")
words = f"boxes beside, below and diagonal to a get {none}, not 0."
check(none == [0, 0, 0], words)
print(f"Right: a and b overlap by {half}")
