# ---
# description: "Find objects with a pretrained detector in PyTorch: boxes, IoU and NMS by hand, heatmaps, precision and recall, AP50 checked by pycocotools, and what goes wrong."
# ---

# %% [markdown]
# # How do I find objects in a picture?
#
# At the end you have boxes around what a trained network sees, a number that says how right they are, and you know the mistakes that give no error.
# You need [a first CNN](first-cnn.ipynb) and [what `eval()` does](../training/train-and-eval.md).

# %%
import contextlib
import copy
import io
import platform
import time

import matplotlib.pyplot as plt
import torch
from torch import nn
from torch.nn import functional as F

device = torch.accelerator.current_accelerator(check_available=True)
device = device or torch.device("cpu")

# --8<-- "lab/train/digits.py:digits"

# %% [markdown]
# The objects are digits: of random size, place and colour, on clutter.
# Each scene comes with the truth, a box and a label for each digit, so you can tell what is right.

# %% tags=["fold"]
# --8<-- "lab/train/scenes.py:scenes"
_, _, x_test, y_test = digit_sets()
scenes, truth = make_scenes(x_test, y_test, count=200, seed=1)
boxes, labels = truth[0]
print(scenes.shape, scenes.dtype)
for box, label in zip(boxes.int().tolist(), labels.tolist(), strict=True):
    print(f"a {label} in {box}")

# %% tags=["fold"]
# figure: Four colourful scenes with blurred patches and bars, and in each some digits
#   with a frame around them and the digit's name above.


def draw(ax, scene, boxes, names, colour="royalblue", line="-"):
    """A scene, or nothing new where that is None, and boxes with their names."""
    if scene is not None:
        _, height, width = scene.shape
        coarse = (scene * 32).round() / 32  # makes the file smaller
        pixels = coarse.permute(1, 2, 0)
        ax.imshow(pixels, extent=(0, width, height, 0), interpolation="none")
        ax.axis("off")
    label = dict(facecolor=colour, edgecolor="none", pad=1)
    for (x1, y1, x2, y2), name in zip(boxes.tolist(), names, strict=True):
        frame = (x1, y1), x2 - x1, y2 - y1
        ax.add_patch(plt.Rectangle(*frame, fill=False, ec="w", lw=3))
        ax.add_patch(
            plt.Rectangle(*frame, fill=False, ec=colour, lw=1.5, ls=line)
        )
        if name:
            ax.text(x1, max(y1, 9), name, color="w", size=8, bbox=label)


figure, axes = plt.subplots(2, 2, figsize=(5, 5), layout="constrained")
for ax, scene, (boxes, labels) in zip(axes.flat, scenes, truth, strict=False):
    draw(ax, scene, boxes, map(str, labels.tolist()))
plt.show()

# %% [markdown]
# ## A box is four numbers, and their order is a convention
#
# Here a box is `x1, y1, x2, y2`: two corners, in pixels from the top left.
# Others write the middle and the size, `cx, cy, w, h`, and no tensor says which it is.

# %%


def to_middle(boxes):
    """x1, y1, x2, y2 -> cx, cy, w, h."""
    first, last = boxes[:, :2], boxes[:, 2:]
    return torch.cat([(first + last) / 2, last - first], dim=1)


def to_corners(boxes):
    """cx, cy, w, h -> x1, y1, x2, y2."""
    middle, size = boxes[:, :2], boxes[:, 2:]
    return torch.cat([middle - size / 2, middle + size / 2], dim=1)


box = torch.tensor([[20.0, 30, 40, 70]])
print(to_middle(box))
print(to_corners(to_middle(box)))
assert torch.equal(to_corners(to_middle(box)), box)

# %% [markdown]
# ## How much two boxes overlap
#
# Intersection over union, or IoU, is the area that two boxes share, divided by the area that they cover together.
# It is 1 for the same box, and 0 where they do not touch:

# %%
# --8<-- "lab/train/boxes.py:iou"
a = torch.tensor([[0.0, 0, 2, 2]])
b = torch.tensor([[0.0, 0, 2, 2], [0, 0, 2, 4], [1, 1, 3, 3], [4, 4, 6, 6]])
print(iou(a, b))  # 1, 4 / 8, 1 / 7, 0

true_boxes = torch.cat([boxes for boxes, _ in truth])
misread = iou(true_boxes, to_middle(true_boxes)).diagonal()
print(f"read in the wrong order: {misread.mean():.2f} on average")
assert misread.mean() < 0.1

# %% [markdown]
# The last line takes the true boxes, writes them as `cx, cy, w, h`, and reads them as corners.
# Nothing complains, and next to nothing overlaps.

# %% [markdown]
# ## Load a detector that somebody trained
#
# This one was trained for this site, with [a card](../assets/weights/detector.json) that says how, and how right it was.
# The weights come from a file, so first build the network that they belong to:

# %%
# --8<-- "lab/train/detector.py:detector"
# --8<-- "lab/train/weights.py:load"
# --8<-- "lab/train/weights.py:detector"

model = Detector()
model.load_state_dict(load_weights("detector", DETECTOR))
model.to(device).eval()

with torch.no_grad():
    output = model(scenes[:4].to(device)).cpu()
print(sum(p.numel() for p in model.parameters()), "weights and biases")
print(output.shape)

# %% [markdown]
# The output is a grid of 24x24 cells, each with 14 numbers.
# Ten say which digit has its middle in that cell, if any; two say where in the cell; two say how wide and high the box is.
# The strongest of the ten, as probabilities, make a picture, the heatmap:

# %% tags=["fold"]
# figure: Two scenes, and beside each its heatmap, dark but for one bright spot in the
#   middle of each digit.
figure, axes = plt.subplots(2, 2, figsize=(5, 5), layout="constrained")
for (left, right), scene, out in zip(axes, scenes, output, strict=False):
    draw(left, scene, torch.empty(0, 4), [])
    heat = out[:10].sigmoid().amax(dim=0)
    right.imshow(heat, vmin=0, vmax=1, interpolation="none")
    right.axis("off")
plt.show()

# %% [markdown]
# ## From the grid to boxes
#
# A cell whose best probability is above a threshold becomes a box.
# Neighbours see the same digit, so there are several boxes for each:

# %%
# --8<-- "lab/train/boxes.py:nms"
# --8<-- "lab/train/detector.py:decode"
boxes, scores, labels = decode(output[0], threshold=0.3)
kept = nms(boxes, scores)
print(
    len(truth[0][0]), "digits,", len(boxes), "boxes,", len(kept), "after NMS"
)
assert len(boxes) > len(kept)

# %% tags=["fold"]
# figure: The same scene twice. On the left several frames lie almost on top of each
#   other around each digit, on the right each digit has one.
figure, axes = plt.subplots(1, 2, figsize=(5, 2.6), layout="constrained")
for ax, shown, title in zip(
    axes, (range(len(boxes)), kept), ("as decoded", "after NMS"), strict=True
):
    draw(ax, scenes[0], boxes[shown], [""] * len(shown))
    ax.set_title(title)
plt.show()

# %% [markdown]
# `nms` is non-maximum suppression: keep the best box, drop those that overlap it by more than half, go on with the best that is left.
# In this site's tests it keeps the same boxes as `torchvision.ops.nms`.

# %%
# figure: Six scenes with the boxes that the detector found, each with the digit's name
#   and how sure the detector is.
figure, axes = plt.subplots(2, 3, figsize=(6, 4.2), layout="constrained")
for ax, scene in zip(axes.flat, scenes[4:], strict=False):
    boxes, scores, labels = detect(model, scene, threshold=0.3)
    names = [f"{k} {p:.0%}" for k, p in zip(labels, scores, strict=True)]
    draw(ax, scene, boxes, names)
plt.show()

# %% [markdown]
# ## How right is it?
#
# A found box is a hit if it names the right digit and overlaps its true box by at least one half; each true box counts once.
# Precision is the share of found boxes that are hits, recall the share of digits that were hit.
# Lower the threshold, and recall rises while precision falls:

# %%
# --8<-- "lab/train/boxes.py:ap"
found = [detect(model, scene) for scene in scenes]
curves = [precision_recall(found, truth, kind) for kind in range(10)]
each = [float(average_precision(*curve[:2])) for curve in curves]
print("AP50 of each digit:", " ".join(f"{ap:.2f}" for ap in each))
print(f"AP50: {ap50(found, truth):.3f}")
assert 0.79 < ap50(found, truth) < 0.94  # the band of the card

# %% tags=["fold"]
# figure: Precision against recall for the ten digits: flat near one, then falling where
#   the last digits are to be found. The best and the worst digit are named.
best, worst = each.index(max(each)), each.index(min(each))
for kind, (precision, recall, _) in enumerate(curves):
    if kind not in (best, worst):
        plt.plot(recall, precision, color="0.8", lw=1)
for kind, colour in ((best, "C0"), (worst, "C1")):
    precision, recall, _ = curves[kind]
    plt.plot(recall, precision, color=colour, label=f"the digit {kind}")
plt.ylim(0, 1.02)
plt.xlabel("recall")
plt.ylabel("precision")
plt.legend(loc="lower left")
plt.show()

# %% [markdown]
# Average precision is the area under such a curve, and AP50 its mean over the ten digits; the 50 is the least overlap in percent.
# Papers compute it with `pycocotools`, and so can you:

# %%
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval


def coco_ap50(found, truth):
    """The same, by the library of the COCO data set; its boxes are x, y, w, h."""

    def rows(boxes, labels, scene, **more):
        sizes = torch.cat([boxes[:, :2], boxes[:, 2:] - boxes[:, :2]], dim=1)
        return [
            {
                "image_id": scene,
                "category_id": int(label),
                "bbox": size.tolist(),
                "area": float(size[2] * size[3]),
                "iscrowd": 0,
            }
            | {name: float(values[n]) for name, values in more.items()}
            for n, (size, label) in enumerate(zip(sizes, labels, strict=True))
        ]

    true = [row for n, one in enumerate(truth) for row in rows(*one, n)]
    data = {
        "info": {},
        "images": [{"id": n} for n in range(len(truth))],
        "categories": [{"id": kind} for kind in range(10)],
        "annotations": [
            {"id": n, **row} for n, row in enumerate(true, start=1)
        ],
    }
    mine = [
        row
        for n, (boxes, scores, labels) in enumerate(found)
        for row in rows(boxes, labels, n, score=scores)
    ]
    with contextlib.redirect_stdout(io.StringIO()):  # it prints a page
        coco = COCO()
        coco.dataset = data
        coco.createIndex()
        judge = COCOeval(coco, coco.loadRes(mine), "bbox")
        judge.evaluate()
        judge.accumulate()
        judge.summarize()
    return float(judge.stats[1])


print(f"pycocotools: {coco_ap50(found, truth):.3f}")
assert abs(coco_ap50(found, truth) - ap50(found, truth)) < 1e-6

# %% [markdown]
# Both agree, and [the card](../assets/weights/detector.json) has AP50 for 400 other scenes and three trainings that differ only in their seed.
# Now let a box count whichever digit it names:

# %%
any_digit = [(boxes, scores, 0 * labels) for boxes, scores, labels in found]
any_truth = [(boxes, 0 * labels) for boxes, labels in truth]
print(f"some digit is there: {ap50(any_digit, any_truth, kinds=1):.3f}")
assert ap50(any_digit, any_truth, kinds=1) > ap50(found, truth)

# %% [markdown]
# To see that a digit is there is easier than to see which one it is.

# %% [markdown]
# ## A film
#
# A film is one picture after another, and so is its detection.
# Three digits move across a scene for 24 frames; the dots are the middles of the boxes found so far:

# %%


def film(frames, seed):
    """Three digits on straight ways over one background: scenes, and the truth."""
    random = torch.Generator().manual_seed(seed)
    background = clutter(random)
    picked = torch.randint(len(x_test), (3,), generator=random)
    images = [trim(x_test[n, 0]) for n in picked]
    start = torch.tensor([[4.0, 4.0], [66.0, 34.0], [4.0, 68.0]])  # x, y
    speed = torch.tensor([[2.6, 0.2], [-2.6, 0.1], [2.6, -0.2]])
    # Pixels a frame; then width and height.
    size, colours = (20, 24), torch.eye(3) * 0.7 + 0.3
    shown, where = [], []
    for frame in range(frames):
        scene = background.clone()
        corners = (start + frame * speed).round().int()
        boxes = torch.cat([corners, corners + torch.tensor(size)], dim=1)
        for image, box, colour in zip(
            images, boxes.tolist(), colours, strict=True
        ):
            paste(scene, image, box, colour)
        shown.append(scene)
        where.append((boxes.float(), y_test[picked]))
    return shown, where


frames, where = film(24, seed=0)
tracked = [detect(model, frame, threshold=0.3) for frame in frames]

hits = [
    bool((iou(boxes, true_box[None])[labels == kind] >= 0.5).any())
    for (boxes, _, labels), (true_boxes, kinds) in zip(
        tracked, where, strict=True
    )
    for true_box, kind in zip(true_boxes, kinds, strict=True)
]
print(f"right in {sum(hits)} of {len(hits)} places")
assert sum(hits) > 0.7 * len(hits)

# %% tags=["fold"]
# figure: Six moments of a film. Three digits move, two to the right and one to the left,
#   each in its box, with a line of dots behind it.
figure, axes = plt.subplots(2, 3, figsize=(6, 4.2), layout="constrained")
for ax, frame in zip(axes.flat, (0, 4, 9, 14, 19, 23), strict=True):
    boxes, _, labels = tracked[frame]
    draw(ax, frames[frame], boxes, map(str, labels.tolist()))
    so_far = torch.cat([to_middle(one[0]) for one in tracked[: frame + 1]])
    ax.plot(so_far[:, 0], so_far[:, 1], "w.", ms=3)
plt.show()

# %% [markdown]
# It finds each digit by itself in each picture, with no memory of the one before.
# How fast that goes depends on the machine; the one that made this page:

# %%
began = time.perf_counter()
for frame in frames:
    detect(model, frame, threshold=0.3)
seconds = time.perf_counter() - began
print(
    f"{len(frames) / seconds:.0f} frames a second, {device}, {platform.machine()}"
)

# %% [markdown]
# ## What goes wrong without an error
#
# Each line below is the same detector and the same scenes, with one mistake:

# %%
large = F.interpolate(scenes, scale_factor=2)  # (200, 3, 192, 192)
large_truth = [(2 * boxes, labels) for boxes, labels in truth]
small = F.interpolate(large, scale_factor=0.5)
unscaled = [detect(model, scene) for scene in small]
scaled = [(2 * boxes, *rest) for boxes, *rest in unscaled]

forgetful = copy.deepcopy(model).train()
in_training_mode = [detect(forgetful, scene) for scene in scenes]

results = {
    "no mistake": ap50(found, truth),
    "cx, cy, w, h read as corners": ap50(
        [(to_middle(boxes), *rest) for boxes, *rest in found], truth
    ),
    "192 pixels shrunk to 96, boxes as they come": ap50(unscaled, large_truth),
    "the same, boxes times 2": ap50(scaled, large_truth),
    "pixels from 0 to 255": ap50(
        [detect(model, 255 * s) for s in scenes], truth
    ),
    "eval() forgotten": ap50(in_training_mode, truth),
    "blue, green, red": ap50(
        [detect(model, s.flip(0)) for s in scenes], truth
    ),
}
for name, value in results.items():
    print(f"{value:.2f}  {name}")

right, misread, unscaled, scaled, bright, forgotten, swapped = results.values()
assert max(misread, unscaled, bright) < 0.02 and right > 0.8
assert abs(scaled - right) < 0.01 and abs(swapped - right) < 0.03
assert right - 0.1 < forgotten < right - 0.01

# %% [markdown]
# - **Order of the four numbers**, and **boxes not scaled back**: no box is a hit.
#   A box belongs to the picture that the network saw, so multiply it by what you divided the picture by.
# - **Pixels from 0 to 255**: the network learned from pixels from 0 to 1, and finds nothing.
# - **`eval()` forgotten**: a little worse, so easy to overlook.
#   Batch norm uses the averages of the one scene at hand in place of those from training.
# - **Blue, green, red**: no difference, as colours are random here and their order tells nothing.
#   A score shows only mistakes that matter to its scenes.
#
# A forgotten `eval()` also changes the model, as each call moves the averages that it stores:

# %%
before, after = (one.layers[0][1].running_mean for one in (model, forgetful))
print("the averages are as they were:", torch.equal(before, after))
assert not torch.equal(before, after)

# %% [markdown]
# ## Where it fails
#
# A score is a mean, and hides who pays for it.
# Count by size, make the digits three times larger than any in training, and look where no digit is:

# %%


def share_found(scenes, truth, low, high, threshold=0.3):
    """Of the digits so many pixels high, the share that is found and named right."""
    hits = []
    for scene, (true_boxes, kinds) in zip(scenes, truth, strict=True):
        boxes, _, labels = detect(model, scene, threshold)
        for box, kind in zip(true_boxes, kinds, strict=True):
            if low <= box[3] - box[1] < high:
                overlap = iou(boxes[labels == kind], box[None])
                hits.append(bool((overlap >= 0.5).any()))
    return sum(hits) / len(hits)


shares = []
for low, high in ((16, 22), (22, 32), (32, 41)):
    shares.append(share_found(scenes, truth, low, high))
    print(f"{low} to {high - 1} pixels high: {shares[-1]:.0%} found")
assert shares[0] < 0.8 < shares[1] and shares[2] > 0.9

bigger = F.interpolate(scenes, scale_factor=3, mode="bilinear")
bigger_truth = [(3 * boxes, labels) for boxes, labels in truth]
share = share_found(bigger, bigger_truth, 96, 121)
print(f"96 to 120 pixels high: {share:.0%} found")
assert share < 0.05

random = torch.Generator().manual_seed(0)
empty = [clutter(random) for _ in range(200)]
false = sum(len(detect(model, scene, threshold=0.3)[0]) for scene in empty)
print(f"{false} boxes in 200 scenes without a digit")
assert 40 < false < 200

# %% [markdown]
# Of the smallest digits it finds fewer than 8 in 10, of the largest more than 9 in 10, and of digits larger than any it learned from, next to none.
# On clutter alone it still sees digits: training never showed it a scene without one.
#
# The three scenes with the most mistakes, at a threshold of 0.3:

# %% tags=["fold"]
# figure: Three scenes that the detector got wrong: dashed frames are digits that it
#   missed or misnamed, whole frames what it says instead.


def mistakes(scene, true_boxes, kinds):
    boxes, scores, labels = detect(model, scene, threshold=0.3)
    right = (iou(true_boxes, boxes) >= 0.5) & (kinds[:, None] == labels)
    missed, wrong = ~right.any(dim=1), ~right.any(dim=0)
    return true_boxes[missed], kinds[missed], boxes[wrong], labels[wrong]


all_mistakes = [
    mistakes(scene, *one) for scene, one in zip(scenes, truth, strict=True)
]
worst = sorted(range(200), key=lambda n: -len(all_mistakes[n][0]))[:3]
figure, axes = plt.subplots(1, 3, figsize=(6, 2.2), layout="constrained")
for ax, n in zip(axes, worst, strict=True):
    missed, kinds, wrong, labels = all_mistakes[n]
    draw(ax, scenes[n], missed, [f"is {k}" for k in kinds], "darkgreen", "--")
    draw(ax, None, wrong, [f"says {k}" for k in labels], "crimson")
plt.show()

# %% [markdown]
# ## The same with torchvision
#
# For photographs, torchvision has detectors trained on COCO, 80 kinds of things from everyday life.
# The function is not called here, as `DEFAULT` fetches its weights from the network:

# %%


def torchvision_detector(weights="DEFAULT"):
    """SSDLite; with weights=None the same network, untrained."""
    from torchvision.models import detection

    model = detection.ssdlite320_mobilenet_v3_large(
        weights=weights, weights_backbone=None
    )
    return model.eval()  # in training mode it returns losses


print(torchvision_detector.__doc__)

# %% [markdown]
# Call the model with a list of scenes, `(3, height, width)` from 0 to 1, of any size.
# You get one dictionary each, with `boxes` as `x1, y1, x2, y2`, `scores` and `labels`, after NMS and scaled back.
# This site's tests run the function with `weights=None`, check those names, and check that in training mode the model returns losses in place of boxes.

# %% [markdown]
# ## Next
#
# **Try it**: in `nms`, change `limit=0.5` to `limit=0.95`, so that doubles stay.
# AP50 falls below 0.6: a digit counts once, so each double is a mistake.
#
# This lesson leans on [views of tensors](../tensors/views-and-copies.md), [broadcasting](../tensors/index.md), [eval mode](../training/train-and-eval.md) and [weights in a file](../training/save-and-load.md).
# Next, [see it live](see-it-live.md): the same detector, in your browser.
