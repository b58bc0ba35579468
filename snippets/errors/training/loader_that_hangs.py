# needs: unix
# raises: RuntimeError
# takes: 20 s
import sys
import threading

from torch.utils.data import DataLoader

sys.tracebacklimit = 0  # to print the error without its long traceback
lock = threading.Lock()


class Numbers:
    def __len__(self):
        return 4

    def __getitem__(self, index):
        with lock:
            return index


if __name__ == "__main__":
    options = {"num_workers": 1, "timeout": 3}
    lock.acquire()  # and fork copies it as it is
    for batch in DataLoader(
        Numbers(), multiprocessing_context="fork", **options
    ):
        print(batch)
