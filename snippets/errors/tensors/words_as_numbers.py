import torch

words = ["cat", "dog", "cat"]
number = {word: n for n, word in enumerate(sorted(set(words)))}
print(number)
print(torch.tensor([number[word] for word in words]))
