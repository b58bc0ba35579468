import torch

logits = torch.tensor([[3.0, 2.5, 1.5, 1.0, -1.0]])  # (batch, tokens)
values, tokens = logits.topk(2)
probabilities = values.softmax(dim=1)
print("tokens:       ", tokens[0].tolist())
print("probabilities:", probabilities.numpy().round(3)[0])

torch.manual_seed(0)
place = torch.multinomial(probabilities, 1)  # a place in the top 2
token = tokens.gather(1, place)
print("drawn token:  ", token.tolist())
