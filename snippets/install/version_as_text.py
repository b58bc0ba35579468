import torch

version = torch.__version__
text = version.split("+")[0]  # without "+cpu"

print("type          value       2.9 or newer?")
for value in (version, text):
    kind = type(value).__name__
    print(f"{kind:13} {value:11} {value >= '2.9'}")
