# warns: UserWarning
from torch import cuda

# We make up a GPU of 6.1, and the list of what a build was made for.
cuda.get_device_name = lambda device: "NVIDIA GeForce GTX 1080"
cuda._warn_unsupported_code(0, 61, [75, 80, 86, 90, 100, 120])
