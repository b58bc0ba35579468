# needs: tensorboard
# takes: 20 s
import tempfile

from tensorboard.backend.event_processing import event_accumulator
from torch.utils.tensorboard import SummaryWriter


def read(folder):
    events = event_accumulator.EventAccumulator(folder)
    events.Reload()
    if "loss" not in events.Tags()["scalars"]:
        return "nothing"
    return [(event.step, event.value) for event in events.Scalars("loss")]


with tempfile.TemporaryDirectory() as folder:
    writer = SummaryWriter(folder)
    writer.flush()  # from here on, every two minutes
    for step in range(3):
        writer.add_scalar("loss", 0.5**step, step)
    print("not flushed:", read(folder))
    writer.flush()
    print("flushed:    ", read(folder))
    writer.close()

    with SummaryWriter(folder) as second:  # another run, the same folder
        for step in range(2):
            second.add_scalar("loss", 4.0, step)
    print("second run: ", read(folder))
