import torch
import torch.nn.functional as F


def contrastive(a, b, temperature=0.1):
    logits = a @ b.T / temperature  # (batch, batch): every a with every b
    return F.cross_entropy(logits, torch.arange(len(a), device=a.device))


torch.manual_seed(0)
a = F.normalize(torch.randn(8, 16), dim=1)
close = F.normalize(a + 0.1 * torch.randn(8, 16), dim=1)
equal = a[:1].expand(8, 16)  # every sample gets the same embedding
for name, x, partner in [("learned", a, close), ("collapsed", equal, equal)]:
    other = partner.roll(1, dims=0)  # the partner of another sample
    triplet = F.triplet_margin_loss(x, partner, other, margin=0.5)
    pairs = contrastive(x, partner)
    print(f"{name:10} triplet {triplet:.3f}, contrastive {pairs:.3f}")
