import torch
from torch.utils.benchmark import Timer

torch.set_num_threads(2)
seen = []
note = "seen.append(torch.get_num_threads())"
values = {"seen": seen, "torch": torch}

Timer(note, globals=values).timeit(1)
Timer(note, globals=values, num_threads=2).timeit(1)
print("by default:", seen[0], "thread, of", torch.get_num_threads())
print("as asked for:", seen[-1])
