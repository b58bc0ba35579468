"""Boxes: their overlap, the best of many, and how right a detector is (AP50)."""

import torch


# --8<-- [start:iou]
def iou(a, b):
    """Overlap of boxes (n, 4) with boxes (m, 4), all as x1, y1, x2, y2: (n, m)."""
    first = torch.maximum(a[:, None, :2], b[None, :, :2])
    last = torch.minimum(a[:, None, 2:], b[None, :, 2:])
    shared = (last - first).clamp(min=0).prod(dim=2)
    area_a = (a[:, 2:] - a[:, :2]).prod(dim=1)
    area_b = (b[:, 2:] - b[:, :2]).prod(dim=1)
    return shared / (area_a[:, None] + area_b - shared)


# --8<-- [end:iou]


# --8<-- [start:nms]
def nms(boxes, scores, limit=0.5):
    """Keep the best box; drop those that overlap it by more than limit; repeat."""
    too_near = (iou(boxes, boxes) > limit).tolist()
    kept = []
    for i in scores.argsort(descending=True, stable=True).tolist():
        if not any(too_near[i][j] for j in kept):
            kept.append(i)
    return torch.tensor(kept, dtype=torch.long)


# --8<-- [end:nms]


# --8<-- [start:ap]
def match(found, truth, limit=0.5):
    """Which boxes of one kind in one scene, the best first, are hits?"""
    overlap, hits = iou(found, truth), []
    for row in overlap:
        best = row.argmax() if len(row) else 0
        hits.append(len(row) > 0 and bool(row[best] >= limit))
        if hits[-1]:
            overlap[:, best] = -1  # each true box counts once
    return hits


def precision_recall(found, truth, kind, limit=0.5):
    """Both, and the score, after the best detection, the second best, ..."""
    scores, hits, total = [], [], 0
    for one, (true_boxes, true_labels) in zip(found, truth, strict=True):
        boxes, confidence, labels = one
        mine = labels == kind
        there = true_boxes[true_labels == kind]
        scores += confidence[mine].tolist()
        hits += match(boxes[mine], there, limit)
        total += len(there)
    scores = torch.tensor(scores, dtype=torch.float64)
    order = scores.argsort(descending=True, stable=True)
    right = torch.tensor(hits, dtype=torch.float64)[order].cumsum(0)
    made = torch.arange(1, len(right) + 1)
    return right / made, right / total, scores[order]


def average_precision(precision, recall):
    """The mean, over recalls 0, 0.01 .. 1, of the best precision from there up."""
    best = precision.flip(0).cummax(0).values.flip(0)
    wanted = torch.arange(101, dtype=torch.float64) * 0.01
    place = torch.searchsorted(recall, wanted)
    return torch.cat([best, best.new_zeros(1)])[place].mean()


def ap50(found, truth, kinds=10):
    """The mean average precision of the kinds; boxes hit from IoU 0.5 up."""
    curves = [precision_recall(found, truth, kind) for kind in range(kinds)]
    each = [average_precision(*curve[:2]) for curve in curves]
    return float(torch.stack(each).mean())


# --8<-- [end:ap]
