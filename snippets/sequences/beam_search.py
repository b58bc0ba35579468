import torch

torch.manual_seed(167)
step = (2 * torch.randn(4, 4)).log_softmax(dim=1)  # from token to token


def beam_search(width):
    tokens, scores = torch.tensor([[0]]), torch.zeros(1)
    for _ in range(4):
        total = (scores[:, None] + step[tokens[:, -1]]).flatten()
        scores, best = total.topk(min(width, len(total)))
        kept, token = tokens[best // 4], best % 4
        tokens = torch.cat((kept, token[:, None]), dim=1)
    return tokens[0, 1:].tolist(), scores[0].exp().item()


for width in (1, 2, 3, 64):
    tokens, p = beam_search(width)
    print(f"width {width:2}: {tokens} {p:.4f}")

texts = torch.cartesian_prod(*[torch.arange(4)] * 4)  # all 256
before = torch.cat((torch.zeros(256, 1).long(), texts[:, :-1]), dim=1)
p, best = step[before, texts].sum(dim=1).exp().max(dim=0)
print(f"best of all: {texts[best].tolist()} {p:.4f}")
