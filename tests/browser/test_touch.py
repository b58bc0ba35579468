"""Pictures that move, by finger alone: taps and drags lead to torch's answers.

Where a list opens or a keyboard comes, it is the system's: what is chosen or typed
there is given to the control that was tapped.
"""

import contextlib
import io
import json
import re
from collections.abc import Callable

import pytest
import torch
from playwright.sync_api import Locator, Page
from torch import nn

from .test_moving import (
    FOLDER,
    PLACES,
    STATE,
    by_autograd,
    descend,
    judged,
    scroll_to,
    step_in_memory,
)
from .visits import faultless

PATIENCE = 10_000  # milliseconds
WIDTH, THUMB = 390, 16  # pixels: of the screen, and of what a slider is dragged by
CONTROLS = ":is(input, select, button):visible:enabled"
FOCUSED = "one => one === document.activeElement"


class Finger:
    """What touches the controls of a picture, found by their words."""

    def __init__(self, page: Page, box: Locator):
        self.page, self.box = page, box
        self.session = page.context.new_cdp_session(page)

    def _named(self, words: str) -> Locator:
        return self.box.get_by_label(re.compile(f"^{re.escape(words)}"))

    def _send(self, kind: str, *points: tuple[float, float]) -> None:
        given = [{"x": x, "y": y} for x, y in points]
        event = {"type": kind, "touchPoints": given}
        self.session.send("Input.dispatchTouchEvent", event)

    def _place(self, slider: Locator, value: float) -> tuple[float, float]:
        """Where the thumb of a slider is at a value."""
        least, most = (float(slider.get_attribute(name)) for name in ("min", "max"))
        slider.scroll_into_view_if_needed()
        at = slider.bounding_box()
        room = at["width"] - THUMB
        across = THUMB / 2 + room * (value - least) / (most - least)
        return at["x"] + across, at["y"] + at["height"] / 2

    def drag(self, words: str, value: float) -> None:
        slider = self._named(words)
        start = self._place(slider, float(slider.input_value()))
        end = self._place(slider, value)
        self._send("touchStart", start)
        for part in range(1, 5):
            x, y = (a + (b - a) * part / 4 for a, b in zip(start, end, strict=True))
            self._send("touchMove", (x, y))
        self._send("touchEnd")
        assert float(slider.input_value()) == value, words

    def tap_at(self, words: str, value: float) -> None:
        slider = self._named(words)
        self.page.touchscreen.tap(*self._place(slider, value))
        assert float(slider.input_value()) == value, words

    def press(self, words: str, times: int = 1) -> None:
        for _ in range(times):
            self.box.get_by_role("button", name=words).tap()

    def choose(self, words: str, value: str) -> None:
        self._choose(self._named(words), value)

    def _choose(self, chosen: Locator, value: str) -> None:
        chosen.tap()
        assert chosen.evaluate(FOCUSED)
        chosen.select_option(value)

    def type(self, words: str, value: int) -> None:
        self._type(self._named(words), value)

    def _type(self, field: Locator, value: int) -> None:
        field.tap()
        assert field.evaluate(FOCUSED)
        signed = float(field.get_attribute("min")) < 0
        # Else the keyboard of a telephone may lack the minus.
        assert field.get_attribute("inputmode") == ("text" if signed else "numeric")
        for key in ["Backspace", "Delete"] * 4:
            self.page.keyboard.press(key)
        self.page.keyboard.insert_text(str(value))

    def _work(self, control: Locator) -> None:
        kind = control.evaluate("one => one.type")
        if kind == "button":
            control.tap()
        elif kind == "select-one":
            values = control.evaluate("one => [...one.options].map(each => each.value)")
            self._choose(control, next(v for v in values if v != control.input_value()))
        elif kind == "number":
            self._type(control, 2 if control.input_value() == "1" else 1)
        else:
            far = (control.get_attribute(name) for name in ("min", "max"))
            value = next(one for one in far if one != control.input_value())
            self.page.touchscreen.tap(*self._place(control, float(value)))

    def work_all(self) -> int:
        """Each control changes what is said or drawn; how many there are."""
        every = self.box.locator(CONTROLS)
        for number in range(count := every.count()):
            if (control := every.nth(number)).count():  # another one may hide it
                before = self.box.evaluate(STATE)
                self._work(control)
                assert self.box.evaluate(STATE) != before, control
        return count


PLAIN = {ord("−"): "-", ord("\N{NO-BREAK SPACE}"): " "}


def said(box: Locator) -> str:
    return box.locator("[role=status]").first.inner_text().translate(PLAIN)


def ran(box: Locator, *lines: str) -> str:
    """What the program shown there prints, which has these lines and ran just now."""
    code, shown = box.locator("pre code").all_inner_texts()
    assert {*lines} <= {*code.split("\n")}, code
    with contextlib.redirect_stdout(io.StringIO()) as out:
        try:
            exec(code, {"torch": torch, "nn": nn})
        except RuntimeError as error:
            print(f"RuntimeError: {error}")
    assert shown == out.getvalue().rstrip("\n"), code
    return shown


def backward(finger: Finger, box: Locator) -> None:
    nodes = [1.0, 2.0, ["mul", 1, 0], 6.0, ["sub", 2, 3], ["square", 4]]
    finger.choose("Expression", "loss")
    finger.press("Next step", 3)
    assert said(box).startswith("Forward: gap is -4, so loss = gap² is 16.")
    finger.press("Next step")
    assert said(box) == "Backward from loss: gap gets 1 · (-8) = -8."
    finger.press("One step back")
    assert said(box).startswith("Forward")
    finger.drag("Step", 6)
    for way, w in ((finger.drag, 4.5), (finger.tap_at, 3)):
        way("w =", w)
        right = by_autograd([float(w), *nodes[1:]])["gradients"][0]
        drawn = box.locator("svg g").filter(has=box.page.get_by_text("w", exact=True))
        text = drawn.locator(".gradient").text_content().translate(PLAIN)
        assert text == f"grad {right:g}"
    finger.choose("Expression", "fork")
    assert said(box).startswith("Step 0")


def boxes(finger: Finger, box: Locator) -> None:
    scenes = json.loads((FOLDER / "boxes.json").read_text(encoding="utf-8"))
    finger.drag("Threshold", 0.6)
    finger.tap_at("NMS", 1)
    finger.drag("Scene shown", 5)
    count, hits, total = judged(scenes, 0.6, 1)
    assert said(box) == (
        f"{count} boxes: {hits} find a digit, {count - hits} do not, so precision is "
        f"{hits / count:.2f}. They find {hits} of {total} digits: recall is "
        f"{hits / total:.2f}."
    )
    real = box.locator("svg .real")
    assert real.count() == len(scenes[4]["truth"])


def descent(finger: Finger, box: Locator) -> None:
    finger.drag("Learning rate", 0.5)
    finger.tap_at("Steps shown", 1)
    assert said(box).startswith("After 1 step, w is 3.00 and the loss 0.00.")
    finger.drag("Momentum", 0.5)
    finger.drag("Steps shown", 4)
    for optimizer in ("SGD", "Adam"):
        finger.choose("Optimizer", optimizer)
        w = descend(optimizer, -1.0, 4, {"lr": 0.5, "momentum": 0.5})[-1]
        words = f"After 4 steps, w is {w:.2f} and the loss {(w - 3) ** 2:.2f}."
        assert said(box).startswith(words)


def dtypes(finger: Finger, box: Locator) -> None:
    assert ran(box, "print((a + b).dtype)") == "torch.float16"
    finger.choose("Operation", "+=")
    assert "can't be cast" in ran(box, "a += b")
    finger.choose("dtype of a", "float32")
    assert ran(box, "a = torch.ones(3, dtype=torch.float32)") == "torch.float32"
    finger.choose("Operation", "/")
    finger.choose("b is", "0")
    finger.choose("dtype of b", "complex")
    assert ran(box, "b = 2j") == "torch.complex64"


def keras(finger: Finger, box: Locator) -> None:
    def ours() -> dict:
        space = {"torch": torch, "model": nn.Linear(2, 2)}
        return eval(box.locator("pre code").nth(1).inner_text(), space).defaults

    finger.choose("Keras", "optimizers.Adadelta")
    set_alike = {"lr": 0.001, "rho": 0.95, "eps": 1e-7}  # by Keras's defaults
    assert set_alike.items() <= ours().items()
    finger.choose("learning_rate", "0.1")
    assert ours()["lr"] == 0.1
    assert "learning_rate=0.1" in box.locator("pre code").first.inner_text()


def memory(finger: Finger, box: Locator) -> None:
    finger.drag("Layers", 3)
    finger.drag("Width", 6)
    finger.tap_at("Batch", 0)
    finger.choose("Optimizer", "SGD, momentum")
    finger.choose("dtype", "bfloat16")
    right = step_in_memory(3, 2**6, 2**0, "SGD, momentum", "bfloat16")
    names = ["weights", "gradients", "optimizer state", "saved for backward"]
    assert box.locator("li").all_inner_texts() == [
        f"{name} {size / 1024:.3g} KiB"
        for name, size in zip(names, right.values(), strict=True)
    ]
    finger.choose("GPU memory", "80")
    assert "fits on a card of 80 GiB" in said(box)


def sampling(finger: Finger, box: Locator) -> None:
    known = json.loads((FOLDER / "sampling.json").read_text(encoding="utf-8"))
    finger.drag("Temperature", 0.5)
    finger.tap_at("Top-k", 2)
    text = [*known["logits"]][1]
    finger.choose("The text so far", text)
    best = torch.tensor(known["logits"][text], dtype=torch.float64).topk(2**2)
    shares = (best.values / 0.5).softmax(0).tolist()
    shown = box.locator("li:not(.none) b").all_inner_texts()
    assert [one.translate(PLAIN) for one in shown] == [
        "< 1 %" if one < 0.005 else f"{100 * one:.0f} %" for one in shares
    ]
    finger.press("Draw twelve tokens")
    drawn = box.locator(".moving-drawn").text_content().removeprefix("Twelve draws: ")
    tokens = {known["tokens"][i] for i in best.indices}
    assert len(drawn.split("  ")) == 12 and {*drawn.split("  ")} <= tokens
    finger.drag("Temperature", 0)
    assert said(box).endswith("At temperature 0 the best token always wins.")


def shapes(finger: Finger, box: Locator) -> None:
    finger.type("a, dimension 0", 5)
    assert ran(box, "a = torch.ones(5, 1)") == "torch.Size([5, 4])"
    finger.type("a, dimension 1", 2)
    assert "must match the size of tensor b (4)" in ran(box, "a = torch.ones(5, 2)")
    finger.press("a: remove the first dimension")
    finger.press("b: add a dimension in front", 2)
    assert "must match" in ran(box, "a = torch.ones(2)", "b = torch.ones(1, 1, 4)")
    finger.type("b, dimension 2", 2)
    assert ran(box) == "torch.Size([1, 1, 2])"
    finger.choose("Operation", "conv2d")
    finger.type("padding", 1)
    finger.type("stride", 2)
    layer = "layer = nn.Conv2d(3, 8, 3, stride=2, padding=1)"
    assert ran(box, layer) == "torch.Size([2, 8, 14, 14])"


def strides(finger: Finger, box: Locator) -> None:
    finger.choose("View of t", "t.T")
    read = torch.arange(12).view(3, 4).T.flatten().tolist()
    for way, element in ((finger.drag, 5), (finger.tap_at, 11)):
        way("Element", element)
        assert re.search(r"= (\d+)\.", said(box))[1] == str(read[element])
    assert ran(box, "v = t.T") == "(4, 3) (1, 4) 0 False"
    finger.type("stride right", 2)
    assert ran(box) == "(4, 3) (1, 2) 0 False"
    finger.type("stride right", -1)
    assert "Negative strides" in ran(box)


WORKED: dict[str, Callable[[Finger, Locator], None]] = {
    one.__name__: one
    for one in (
        *(backward, boxes, descent, dtypes, keras, memory),
        *(sampling, shapes, strides),
    )
}


@pytest.mark.parametrize("name", PLACES)
def test_a_finger_is_enough(phone, home, name):
    phone.set_viewport_size({"width": WIDTH, "height": 800})
    phone.set_default_timeout(PATIENCE)
    with faultless(phone, home):
        phone.goto(PLACES[name][0])
        box = scroll_to(phone, name)
        finger = Finger(phone, box)
        WORKED[name](finger, box)
        assert finger.work_all() >= 3
