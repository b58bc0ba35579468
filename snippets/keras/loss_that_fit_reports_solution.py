import torch

losses = torch.tensor([0.9, 0.6, 0.3])  # of each batch, before its step
sizes = torch.tensor([32, 32, 16])  # samples in it

# Your code:
# reported = ...  # what fit prints at the end of the epoch
reported = (losses * sizes).sum() / sizes.sum()


# Check:
def check(fine, words):
    if not fine:
        raise SystemExit(f"Not yet: {words}")


check(reported is not ..., "write your expression in place of the three dots.")
is_number = isinstance(reported, int | float | torch.Tensor)
check(is_number, f"reported is a {type(reported).__name__}, no number.")
reported = torch.as_tensor(reported)
check(reported.numel() == 1, f"reported has {reported.numel()} numbers.")
said = round(reported.item(), 3)
check(said != 0.6, "0.6 counts the small batch as much as the others.")
check(said != 0.3, "0.3 is the loss of the last batch alone.")
check(said != 52.8, "52.8 is the sum over the samples: divide it by 80.")
check(said == 0.66, f"{said} is not the mean over all 80 samples.")
print("Right: fit reports", said)
