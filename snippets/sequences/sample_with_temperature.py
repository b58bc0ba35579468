import torch

logits = torch.tensor([3.0, 2.5, 1.5, 1.0, -1.0])
for temperature in [0.5, 1.0, 2.0]:
    probabilities = (logits / temperature).softmax(dim=0)
    print(f"temperature {temperature}:", probabilities.numpy().round(3))

torch.manual_seed(0)
probabilities = logits.softmax(dim=0)
drawn = torch.multinomial(probabilities, 1000, replacement=True)
print("drawn of 1000:  ", drawn.bincount(minlength=5).tolist())
