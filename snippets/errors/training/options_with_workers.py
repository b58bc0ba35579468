from torch.utils.data import DataLoader

workers = 0
worker_options = {"prefetch_factor": 2, "persistent_workers": True}
options = worker_options if workers else {}
for x in DataLoader([1, 2, 3], num_workers=workers, **options):
    print(x)
