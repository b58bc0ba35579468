from torch.utils.data import DistributedSampler

data = list("abcdefg")  # 7 examples for 2 processes
samplers = [
    DistributedSampler(data, num_replicas=2, rank=rank, seed=0)
    for rank in (0, 1)
]
for call in (False, True):
    print("with set_epoch" if call else "without")
    for epoch in (0, 1):
        for sampler in samplers:
            if call:
                sampler.set_epoch(epoch)
        rows = ["".join(data[i] for i in sampler) for sampler in samplers]
        print(f"  epoch {epoch}: rank 0 {rows[0]}, rank 1 {rows[1]}")
