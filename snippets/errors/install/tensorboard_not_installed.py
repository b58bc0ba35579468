# raises: ModuleNotFoundError
from torch.utils.tensorboard import SummaryWriter

SummaryWriter()
