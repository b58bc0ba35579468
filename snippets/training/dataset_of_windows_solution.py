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
count, first = windows.__len__(), windows[0]
check(... not in (count, first), "replace the dots in both methods.")
check(count == 3, f"len is {count}, but 3 windows of 10 to 15 have a target.")
check(isinstance(first, tuple), "a sample is a pair: three numbers, a target.")
sample, target = (torch.as_tensor(one).tolist() for one in first)
check(sample == [10, 11, 12], f"the first sample is {sample}.")
check(target == 13, f"the target of [10, 11, 12] is {target}, not 13.")
(batch,) = DataLoader(windows, batch_size=3)
print("Right: the targets are", batch[1].tolist())
