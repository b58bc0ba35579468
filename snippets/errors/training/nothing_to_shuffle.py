# raises: ValueError
from torch.utils.data import DataLoader

files = []  # the folder was empty, or spelt wrong
DataLoader(files, shuffle=True)
