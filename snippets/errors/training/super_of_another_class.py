# raises: TypeError
from torch import nn


class OldNet(nn.Module):
    pass


class Net(nn.Module):
    def __init__(self):
        super(OldNet, self).__init__()  # copied from OldNet
        self.layer = nn.Linear(2, 1)


Net()
