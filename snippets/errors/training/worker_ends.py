# needs: unix
# raises: RuntimeError
import os
import re
import signal
import time

from torch.utils.data import DataLoader, Dataset


class Photos(Dataset):
    def __init__(self, end):
        self.end = end

    def __len__(self):
        return 4

    def __getitem__(self, index):
        time.sleep(1)  # until the loop waits for the first batch
        if self.end:
            os.kill(os.getpid(), self.end)
        os._exit(1)  # as a crash in a library would


if __name__ == "__main__":
    for end in (0, signal.SIGKILL):
        try:
            next(iter(DataLoader(Photos(end), num_workers=1)))
        except RuntimeError as error:
            above, last = error.__cause__, str(error)
            said = f"{type(above).__name__}: {above}"
            print(re.sub("pid [0-9]+", "pid …", said))
    raise RuntimeError(re.sub("[0-9]+", "…", last))
