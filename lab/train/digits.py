"""scikit-learn's handwritten digits, split the same way everywhere."""

# --8<-- [start:digits]
import torch
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split


def digit_sets():
    """1347 pictures to train on, 450 to test on: x (N, 1, 8, 8) in 0 to 1, y."""
    digits = load_digits()
    x = torch.tensor(digits.images, dtype=torch.float32)[:, None] / 16
    y = torch.tensor(digits.target)
    train, test = train_test_split(range(len(y)), test_size=450, random_state=0)
    return x[train], y[train], x[test], y[test]


# --8<-- [end:digits]
