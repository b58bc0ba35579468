"""The site's own detector: where are digits in a scene, how large, and which ones?"""

import torch
from torch import nn

from lab.train.boxes import ap50, nms
from lab.train.digits import digit_sets
from lab.train.scenes import SIDE, make_scenes

# --8<-- [start:detector]
STRIDE = 4  # pixels of the scene to one cell of the output


def block(inputs, outputs, stride=1, dilation=1):
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, 3, stride, dilation, dilation, bias=False),
        nn.BatchNorm2d(outputs),
        nn.ReLU(),
    )


class Detector(nn.Module):
    """(n, 3, h, w) with RGB from 0 to 1 -> (n, 14, h / 4, w / 4): for each cell

    10 logits, one a digit: is the centre of such a digit here?
    2 offsets from the cell's middle to the box's centre (x, y), in cells,
    2 sizes (width, height), as log(pixels / 24).
    """

    def __init__(self):
        super().__init__()
        self.layers = nn.Sequential(
            block(3, 24, stride=2),
            block(24, 48, stride=2),
            block(48, 64),
            block(64, 64, dilation=2),
            block(64, 64, dilation=4),
            block(64, 64),
            nn.Conv2d(64, 14, 1),
        )

    def forward(self, x):
        return self.layers(x)


# --8<-- [end:detector]


# --8<-- [start:decode]
def decode(output, threshold=0.05):
    """Each output (14, h, w) as boxes (k, 4) in pixels, scores (k,), labels (k,)."""
    scores, labels = output[:10].sigmoid().max(dim=0)  # (h, w) each
    rows, columns = (scores > threshold).nonzero().T
    dx, dy, width, height = output[10:, rows, columns]
    x = (columns + 0.5 + dx) * STRIDE
    y = (rows + 0.5 + dy) * STRIDE
    w, h = 24 * width.exp(), 24 * height.exp()
    boxes = torch.stack([x - w / 2, y - h / 2, x + w / 2, y + h / 2], dim=1)
    return boxes, scores[rows, columns], labels[rows, columns]


@torch.no_grad()
def detect(model, scene, threshold=0.05):
    """What is in one scene (3, h, w): boxes, scores and labels, the best first."""
    device = next(model.parameters()).device
    boxes, scores, labels = decode(model(scene[None].to(device))[0].cpu(), threshold)
    kept = nms(boxes, scores)
    return boxes[kept], scores[kept], labels[kept]


# --8<-- [end:decode]


# --8<-- [start:training]
def targets(truth, cells):
    """What the output should be: heat (n, 10, cells, cells), place, and weight.

    Heat is 1 in the cell of a centre and falls off around it; where it is high,
    the two offsets and two sizes of that box are to be learned as well.
    """
    heat = torch.zeros(len(truth), 10, cells, cells)
    place = torch.zeros(len(truth), 4, cells, cells)
    weight = torch.zeros(len(truth), 1, cells, cells)
    middle = (torch.arange(cells) + 0.5) * STRIDE  # pixels
    for n, (boxes, labels) in enumerate(truth):
        for box, kind in zip(boxes, labels, strict=True):
            w, h = box[2:] - box[:2]
            dx, dy = (box[0] + box[2]) / 2 - middle, (box[1] + box[3]) / 2 - middle
            near = torch.outer((-18 * (dy / h) ** 2).exp(), (-18 * (dx / w) ** 2).exp())
            near = near / near.max()  # 1 in the cell nearest to the centre
            heat[n, kind] = torch.maximum(heat[n, kind], near)
            mine = near > weight[n, 0]
            size = ((box[2:] - box[:2]) / 24).log()
            place[n, 0] = torch.where(mine, dx / STRIDE, place[n, 0])
            place[n, 1] = torch.where(mine, dy[:, None] / STRIDE, place[n, 1])
            place[n, 2:] = torch.where(mine, size[:, None, None], place[n, 2:])
            weight[n, 0] = torch.where(mine, near, weight[n, 0])
    return heat, place, weight * (weight > 0.3)


def detection_loss(output, heat, place, weight):
    """Is a digit here (focal loss, as most cells are empty), which one, and where?"""
    logits = output[:, :10]
    p = logits.sigmoid()
    hot = heat == 1
    log_p, log_q = nn.functional.logsigmoid(logits), nn.functional.logsigmoid(-logits)
    wrong = torch.where(hot, (1 - p) ** 2 * log_p, (1 - heat) ** 4 * p**2 * log_q)
    kind = heat.argmax(dim=1)
    misnamed = nn.functional.cross_entropy(logits, kind, reduction="none")
    off = (output[:, 10:] - place).abs().sum(dim=1)
    near = weight[:, 0]
    return -wrong.sum() / hot.sum() + ((misnamed + off) * near).sum() / near.sum()


# --8<-- [end:training]

STEPS, BRIEF, BATCH = 400, 100, 16
FLOOR = {"ap50_any_digit": 0.6}
RECIPE = {
    "batch": f"{BATCH} scenes, new ones each step",
    "optimizer": "AdamW, weight decay 0.001",
    "learning rate": "one cycle up to 0.004",
}
DATA = (
    "Scenes of 96x96 pixels with up to five of scikit-learn's digits, 16 to 40 pixels "
    "high, in any place and colour, on clutter. Training has 1347 digits; measured on "
    "400 scenes of the other 450. ap50: the mean over the ten digits. ap50_any_digit: "
    "a box counts whichever digit it names."
)
SOURCES = ("detector.py", "scenes.py", "digits.py")
build = Detector


def train(seed: int, steps: int) -> tuple[Detector, dict[str, float]]:
    torch.manual_seed(seed)
    x_train, y_train, _, _ = digit_sets()
    model = Detector()
    # At first, say "no digit" everywhere: true of nearly all cells.
    nn.init.constant_(model.layers[-1].bias[:10], -4.0)
    optimizer = torch.optim.AdamW(model.parameters(), weight_decay=0.001)
    cycle = torch.optim.lr_scheduler.OneCycleLR(optimizer, 0.004, total_steps=steps)
    for step in range(steps):
        x, truth = make_scenes(x_train, y_train, BATCH, seed * 1_000_000 + step)
        loss = detection_loss(model(x), *targets(truth, SIDE // STRIDE))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        cycle.step()
    return model, measure(model)


def measure(model: Detector) -> dict[str, float]:
    _, _, x_test, y_test = digit_sets()
    x, truth = make_scenes(x_test, y_test, 400, seed=1_000_000_000)
    model.eval()
    found = [detect(model, scene) for scene in x]
    any_digit = [(boxes, scores, 0 * labels) for boxes, scores, labels in found]
    any_truth = [(boxes, 0 * labels) for boxes, labels in truth]
    return {
        "ap50": ap50(found, truth),
        "ap50_any_digit": ap50(any_digit, any_truth, kinds=1),
    }
