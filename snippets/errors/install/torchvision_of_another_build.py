# raises: RuntimeError
# needs: torchvision
import torchvision

print(torchvision.__version__)
