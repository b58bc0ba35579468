import torch

torch.manual_seed(0)
sizes = torch.tensor([5.0, 1.0])  # of the two columns
train, valid = torch.randn(40, 2) * sizes, torch.randn(10, 2) * sizes + 3

# Your code:
# train_scaled = ...  # (40, 2)
# valid_scaled = ...  # (10, 2)
mean, std = train.mean(dim=0), train.std(dim=0)
train_scaled = (train - mean) / std
valid_scaled = (valid - mean) / std


# Check:
def check(fine, words):
    if not fine:
        raise SystemExit(f"Not yet: {words}")


def same(values, number):
    return bool((values - number).abs().max() < 0.02)


parts = (train_scaled, valid_scaled)
check(... not in parts, "write two expressions in place of the dots.")
kinds = [type(part).__name__ for part in parts]
check(all(map(torch.is_tensor, parts)), f"you made {kinds}, no tensors.")
shapes = [part.shape for part in parts]
check(shapes == [train.shape, valid.shape], f"the shapes are {shapes}.")
means, stds = valid_scaled.mean(dim=0), train_scaled.std(dim=0)
check(not same(means, 0), "valid has the mean 0: it was scaled by its own.")
center = train_scaled.mean(dim=0)
check(same(center, 0), "the columns of train do not have the mean 0.")
check(same(stds, 1), f"the columns of train have the stds {stds.tolist()}.")
gap = (valid[0] - train[0]) / (valid_scaled[0] - train_scaled[0])
check(same(gap / train.std(dim=0), 1), "the parts were scaled by two rules.")
print("Right: valid has the means", [round(m, 2) for m in means.tolist()])
