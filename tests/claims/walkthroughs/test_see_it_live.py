"""What the page says about the detector, and about filters by hand."""

import numpy as np
import pytest
import torch

from harness.core.tree import HERE
from lab.train import export
from lab.train.boxes import iou, nms
from lab.train.scenes import clutter, contrast, make_scenes, paste, trim
from tests.claims_support import Later, digits

detector = Later("lab.train.detector")


@pytest.fixture(scope="module")
def model():
    return export.load(HERE, "detector")


@pytest.fixture(scope="module")
def empty(model):
    """Scenes without a digit."""
    random = torch.Generator().manual_seed(5)
    return [clutter(random) for _ in range(20)]


def with_digit(scene, scan, height):
    """The scene with a digit in its middle, and its box."""
    image = trim(scan[0])
    width = max(5, min(48, height * image.shape[1] // image.shape[0]))
    left, top = 48 - width // 2, 48 - height // 2
    box = (left, top, left + width, top + height)
    scene = scene.clone()
    colour = torch.tensor([0.95, 0.85, 0.2])
    paste(scene, image, box, contrast(colour, scene, box))
    return scene, torch.tensor([box], dtype=torch.float32)


def share_found(model, empty, height):
    """Of twenty scenes with one digit, in how many it is found and named."""
    _, _, x, y = digits.digit_sets()
    found = 0
    for scene, scan, label in zip(empty, x, y, strict=False):
        scene, box = with_digit(scene, scan, height)
        boxes, _, labels = detector.detect(model, scene, threshold=0.3)
        hits = (iou(boxes, box)[:, 0] > 0.5) & (labels == label)
        found += bool(hits.any())
    return found / len(empty)


def test_a_digit_as_small_as_the_page_allows_is_missed_more_often(model, empty):
    assert share_found(model, empty, 28) >= 0.8
    assert share_found(model, empty, 12) <= share_found(model, empty, 28) - 0.2


def test_no_training_scene_has_a_digit_so_small():
    x, y, _, _ = digits.digit_sets()
    _, truth = make_scenes(x, y, 50, seed=1)
    heights = torch.cat([boxes[:, 3] - boxes[:, 1] for boxes, _ in truth])
    assert heights.min() >= 16


def test_with_a_low_limit_clutter_becomes_digits(model, empty):
    count = {
        limit: sum(len(detector.detect(model, scene, limit)[0]) for scene in empty)
        for limit in (0.05, 0.3, 0.95)
    }
    assert count[0.05] > count[0.3] >= count[0.95]
    assert count[0.05] >= len(empty)  # one a scene or more, and none is there


def test_cells_next_to_each_other_find_the_same_digit(model, empty):
    _, _, x, _ = digits.digit_sets()
    more = 0
    for scene, scan in zip(empty, x, strict=False):
        scene, box = with_digit(scene, scan, 28)
        with torch.no_grad():
            boxes, _, _ = detector.decode(model(scene[None])[0], threshold=0.3)
        near = iou(boxes, box)[:, 0] > 0.5
        more += int(near.sum()) > 1
    assert more >= 0.5 * len(empty)


def test_of_two_boxes_that_overlap_by_more_than_half_the_surest_stays():
    boxes = torch.tensor([[0.0, 0, 10, 10], [2, 0, 12, 10], [6, 0, 16, 10]])
    overlap = iou(boxes[:1], boxes)[0]
    assert overlap[1] > 0.5 > overlap[2]
    assert nms(boxes, torch.tensor([0.5, 0.9, 0.4])).tolist() == [1, 2]
    assert nms(boxes[:2], torch.tensor([0.9, 0.5])).tolist() == [0]


def test_a_digit_over_another_leaves_one_box_for_two(model, empty):
    _, _, x, y = digits.digit_sets()
    counts = []
    for scene, first, second in zip(empty, x, x[20:], strict=False):
        scene, _ = with_digit(scene, first, 28)
        scene, box = with_digit(scene, second, 28)
        boxes, _, _ = detector.detect(model, scene, threshold=0.3)
        counts.append(int((iou(boxes, box)[:, 0] > 0.3).sum()))
    assert sum(count <= 1 for count in counts) >= 0.8 * len(counts)


def test_a_cell_is_four_pixels_wide_and_has_fourteen_numbers(model):
    with torch.no_grad():
        output = model(torch.zeros(1, 3, 96, 96))
    assert detector.STRIDE == 4
    assert output.shape == (1, 10 + 4, 96 // 4, 96 // 4)


def test_the_page_needs_less_than_a_thirtieth_of_a_library():
    assets = HERE.docs / "assets"
    files = [*(assets / "javascripts" / "live").iterdir()]
    files += [export.onnx_file(HERE, name) for name in export.INPUTS]
    assert sum(file.stat().st_size for file in files) < 14e6 / 30


def test_the_filter_by_hand_shows_left_edges_only():
    stroke = np.array([0, 0, 1, 1, 0, 0])
    # Three rows of "the next but one less this one".
    sums = 3 * (stroke[2:] - stroke[:-2])
    assert sums.tolist() == [3, 3, -3, -3]
    assert np.maximum(sums, 0).tolist() == [3, 3, 0, 0]
