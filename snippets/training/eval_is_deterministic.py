import torch
from torch import nn


def same_answer_twice(model):
    x = torch.ones(4, 8)
    return torch.equal(model(x), model(x))


def test_eval_answers_the_same_twice():
    model = nn.Sequential(nn.Linear(8, 8), nn.Dropout(), nn.Linear(8, 1))
    assert same_answer_twice(model.eval())
    print("eval:", same_answer_twice(model))
    print("train:", same_answer_twice(model.train()))


test_eval_answers_the_same_twice()
