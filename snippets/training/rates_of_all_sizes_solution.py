import torch

torch.manual_seed(0)
u = torch.rand(10_000)  # from 0 to 1, evenly

# Your code:
# rates = ...  # from 1e-5 to 1e-1, each power of ten as often
rates = 10 ** (-5 + 4 * u)


# Check:
def check(fine, words):
    if not fine:
        raise SystemExit(f"Not yet: {words}")


check(rates is not ..., "write your expression in place of the three dots.")
kind = type(rates).__name__
check(torch.is_tensor(rates), f"rates is a {kind}, no tensor.")
shape = tuple(rates.shape)
check(shape == (10_000,), f"rates has the shape {shape}, not (10000,).")
low, high = rates.min().item(), rates.max().item()
fits = 0.9e-5 < low < high < 0.11
why = "make powers of 10 with exponents from -5 to -1."
check(fits, f"the rates go from {low:.1g} to {high:.1g}: {why}")
share = (rates < 1e-3).float().mean().item()
words = f"{share:.0%} of the rates are below 1e-3, and should be half"
check(0.45 < share < 0.55, f"{words}: draw the exponents evenly.")
print(f"Right: {share:.0%} of the rates are below 1e-3")
