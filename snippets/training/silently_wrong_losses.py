import warnings

import torch
import torch.nn.functional as F

warnings.simplefilter("ignore")  # mse_loss warns, and nobody reads it
cross, binary = F.cross_entropy, F.binary_cross_entropy_with_logits
y = torch.tensor([0, 1, 2, 0])
yes = torch.tensor([1.0, 0.0, 1.0, 0.0])
x = 20.0 * F.one_hot(y, 3)  # logits: certain, and right
score = 20 * (2 * yes - 1)  # logits: certain, and right
bad = -score  # certain, and wrong
rows = {
    "softmax first": (cross(x, y), cross(x.softmax(1), y)),
    "sigmoid twice": (binary(score, yes), binary(score.sigmoid(), yes)),
    "(4, 1) and (4,)": (F.mse_loss(yes, yes), F.mse_loss(yes[:, None], yes)),
    "sigmoid in float32": (
        binary(bad, yes),
        F.binary_cross_entropy(bad.sigmoid(), yes),
    ),
}
for name, (right, wrong) in rows.items():
    print(f"{name:19}{right:6.3f} becomes {wrong:6.3f}")
