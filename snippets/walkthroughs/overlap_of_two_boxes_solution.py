import torch

a = torch.tensor([0.0, 0.0, 4.0, 2.0])  # left, top, right, bottom
b = torch.tensor([2.0, 0.0, 6.0, 2.0])
far = torch.tensor([10.0, 10.0, 11.0, 11.0])


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


check(overlap(a, b) is not ..., "write the function in place of the dots.")
same, half, none = (float(overlap(a, c)) for c in (a, b, far))
check(same != 0.5, "equal boxes get 0.5: what they share was counted twice.")
check(same == 1, f"equal boxes get {same}, not 1.")
check(half != 0.25, "4 of 16 is 0.25: what they share was counted twice.")
check(abs(half - 1 / 3) < 1e-6, f"a and b get {half:.3f}, not 4 / 12.")
check(none == 0, f"boxes far apart get {none:.3f}, not 0.")
print(f"Right: a and b overlap by {half:.3f}")
