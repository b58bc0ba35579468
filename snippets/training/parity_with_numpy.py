import numpy as np
import torch
from torch.nn.functional import cross_entropy


def by_hand(scores, y):
    exp = np.exp(scores)
    shares = exp / exp.sum(axis=1, keepdims=True)
    return -np.log(shares[np.arange(len(y)), y]).mean()


def test_cross_entropy_is_the_formula():
    rng = np.random.default_rng(0)
    scores, y = rng.normal(size=(5, 3)), np.arange(5) % 3
    by_torch = cross_entropy(torch.from_numpy(scores), torch.from_numpy(y))
    expected = by_hand(scores, y)
    np.testing.assert_allclose(by_torch, expected, rtol=1e-12)
    print(f"{by_torch:.4f} {expected:.4f}")


test_cross_entropy_is_the_formula()
