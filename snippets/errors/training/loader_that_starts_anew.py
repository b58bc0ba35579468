# takes: 20 s
import threading

from torch.utils.data import DataLoader

lock = threading.Lock()


class Numbers:
    def __len__(self):
        return 4

    def __getitem__(self, index):
        with lock:
            return index


if __name__ == "__main__":
    options = {"num_workers": 1, "timeout": 60}
    lock.acquire()  # each worker makes a lock of its own
    for batch in DataLoader(
        Numbers(), multiprocessing_context="spawn", **options
    ):
        print(batch)
