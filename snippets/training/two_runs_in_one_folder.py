# needs: tensorboard
# takes: 20 s
import tempfile

from tensorboard.backend.event_processing import event_accumulator
from torch.utils.tensorboard import SummaryWriter


def read(folder):
    events = event_accumulator.EventAccumulator(folder)
    events.Reload()
    return [(event.step, event.value) for event in events.Scalars("loss")]


with tempfile.TemporaryDirectory() as folder:
    writer = SummaryWriter(folder)
    for step in range(3):
        writer.add_scalar("loss", 0.5**step, step)
    writer.flush()  # from here on, all three are in the file
    print("first run: ", read(folder))
    writer.close()

    with SummaryWriter(folder) as second:  # another run, the same folder
        for step in range(2):
            second.add_scalar("loss", 4.0, step)
    print("second run:", read(folder))
