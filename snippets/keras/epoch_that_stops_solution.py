import math

losses = [0.9, 0.7, 0.8, 0.75, 0.72, 0.6, 0.5]


# Your code:
# def last_epoch(losses, patience):
#     return ...  # counted from 0
def last_epoch(losses, patience):
    best, waited = math.inf, 0
    for epoch, loss in enumerate(losses):
        waited = 0 if loss < best else waited + 1
        best = min(best, loss)
        if waited == patience:
            return epoch
    return len(losses) - 1


# Check:
def check(fine, words):
    if not fine:
        raise SystemExit(f"Not yet: {words}")


three, two = last_epoch(losses, 3), last_epoch(losses, 2)
check(three is not ..., "write the function in place of the dots.")
check(isinstance(three, int), "last_epoch returns no whole number.")
why = "compare with 0.7, the best so far, and no other epoch."
check(three != 6 or two != 6, f"nothing stops: {why}")
check(three != 5, "the loss of epoch 5 is better: stop before it.")
check(three == 4, f"with patience 3 it ends after {three}, not after 4.")
check(two == 3, f"with patience 2 it ends after {two}, not after 3.")
check(last_epoch([3, 2, 1], 1) == 2, "a loss that only falls runs to its end.")
check(last_epoch([2, 3, 1, 3, 0], 2) == 4, "count only epochs in a row.")
why = "a loss that equals the best one is not better."
check(last_epoch([2, 2, 2, 2], 2) == 2, why)
print("Right: after epoch", three, "and after epoch", two)
