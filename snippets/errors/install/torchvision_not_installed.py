# raises: ModuleNotFoundError
import torchvision

print(torchvision.__version__)
