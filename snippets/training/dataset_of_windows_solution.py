import torch
from torch.utils.data import DataLoader, Dataset


# Your code:
# class Windows(Dataset):
#     def __init__(self, series):
#         self.series = series
#
#     def __len__(self):
#         return ...  # how many windows have a target
#
#     def __getitem__(self, i):
#         return ...  # three numbers, and the one after them
class Windows(Dataset):
    def __init__(self, series):
        self.series = series

    def __len__(self):
        return len(self.series) - 3

    def __getitem__(self, i):
        return self.series[i : i + 3], self.series[i + 3]


# Check:
def check(fine, words):
    if not fine:
        raise SystemExit(f"Not yet: {words}")


windows = Windows(torch.arange(10, 16))
many = Windows(torch.arange(10, 30))
count = windows.__len__()
check(... not in (count, many[0]), "replace the dots in both methods.")
check(count == 3, f"len is {count}, but 3 windows of 10 to 15 have a target.")
check(many.__len__() == 17, "of 20 numbers, len is not 17.")
for i in (0, 1, 5):
    pair = many[i]
    is_pair = isinstance(pair, tuple | list) and len(pair) == 2
    check(
        is_pair, "a sample is a pair: return the three, a comma, the target."
    )
    sample, target = (torch.as_tensor(one).tolist() for one in pair)
    right = [10 + i, 11 + i, 12 + i]
    check(sample == right, f"sample {i} is {sample}, not {right}.")
    check(target == 13 + i, f"the target of {sample} is not {target}.")
(batch,) = DataLoader(windows, batch_size=3)
print("Right: the targets are", batch[1].tolist())
