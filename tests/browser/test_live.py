"""Two networks in the reader's browser: their numbers, and what keys and fingers do."""

import json
import math

import pytest
import torch
from playwright.sync_api import Error, Page, expect

from harness.core.tree import HERE
from lab.train import export
from lab.train.scenes import clutter, contrast, make_scenes, paste, trim
from tests.claims_support import Later, digits

from . import refuse
from .visits import PHONE, USUAL, Look, axe_in, faultless, rest

classifier, detector = Later("lab.train.digit_classifier"), Later("lab.train.detector")
PAGE = "walkthroughs/see-it-live/"
LANGUAGE = "walkthroughs/language-model-live/"
CLOSE = 1e-4
PATIENCE = 60_000  # milliseconds: other tests may use all cores
# Calls a function of one of the page's modules.
CALL = """async ([module, name, { home, values }]) => {
  const found = await import(new URL(`assets/javascripts/live/${module}.js`, home))
  const ready = one =>
    Array.isArray(one?.data) ? { ...one, data: Float32Array.from(one.data) } : one
  const plain = (_, value) => (ArrayBuffer.isView(value) ? [...value] : value)
  return JSON.stringify(await found[name](...values.map(ready)), plain)
}"""
RUN = """async ([name, home, inputs]) => {
  const module = file => import(new URL(`assets/javascripts/live/${file}.js`, home))
  const { Network } = await module("network")
  const answer = await fetch(new URL(`assets/weights/${name}.onnx`, home))
  const network = new Network(new Uint8Array(await answer.arrayBuffer()))
  return inputs.map(({ dims, data }) => {
    const known = network.run({ dims, data: Float32Array.from(data) })
    const all = [known[network.first("Relu")], known[network.outputs[0]]]
    return all.map(({ dims, data }) => ({ dims, data: [...data] }))
  })
}"""
# A 1 with a foot: from 0 to 1, across the paper.
STROKES = [[(0.35, 0.3), (0.5, 0.15), (0.5, 0.85)], [(0.3, 0.85), (0.7, 0.85)]]


def given(x: torch.Tensor) -> dict:
    return {"dims": list(x.shape), "data": x.flatten().tolist()}


def tensor(found: dict) -> torch.Tensor:
    return torch.tensor(found["data"]).reshape(found["dims"])


def picture(x: torch.Tensor) -> dict:
    return {"height": x.shape[0], "width": x.shape[1], "data": x.flatten().tolist()}


def around(x: float, y: float, r: float, start=0.0, end=1.0) -> list:
    """An arc, in turns from the top, clockwise."""
    turns = [2 * math.pi * (start + (end - start) * i / 24) for i in range(25)]
    return [[x + r * math.sin(t), y - r * math.cos(t)] for t in turns]


def drawn_digits() -> list[list]:
    """Ten digits as strokes, written by hand."""
    six = [(65, 15), (40, 40), (30, 65), (40, 85), (60, 85), (70, 68), (60, 52)]
    two = [(30, 30), (40, 17), (60, 17), (70, 30), (65, 45), (30, 85), (72, 85)]
    three = [(30, 25), (50, 15), (70, 25), (65, 40), (45, 48), (65, 55), (70, 75)]
    five = [(70, 15), (35, 15), (32, 45), (55, 42), (70, 55), (68, 75), (50, 87)]
    lines = {
        1: [(50, 15), (50, 85)],
        2: two,
        3: [*three, (50, 88), (28, 78)],
        4: [(60, 85), (60, 15), (25, 60), (80, 60)],
        5: [*five, (30, 80)],
        6: [*six, (40, 55), (32, 65)],
        7: [(25, 15), (75, 15), (45, 88)],
    }
    strokes = {k: [[[x / 100, y / 100] for x, y in one]] for k, one in lines.items()}
    strokes[0] = [around(0.5, 0.5, 0.33)]
    strokes[8] = [around(0.5, 0.32, 0.17) + around(0.5, 0.68, 0.2)[::-1]]
    strokes[9] = [around(0.5, 0.35, 0.2, 0.25, 1.25) + [[0.65, 0.88]]]
    return [strokes[digit] for digit in range(10)]


@pytest.fixture
def live(page: Page, home: str):
    """The page; nothing may go wrong while it is used."""
    page.set_default_timeout(PATIENCE)
    with faultless(page, home):
        page.goto(PAGE)
        page.wait_for_selector("#live-scene canvas")
        yield page


@pytest.fixture
def call(modules: Page, home: str):
    def one(module: str, name: str, *values):
        pair = {"home": home, "values": values}
        return json.loads(modules.evaluate(CALL, [module, name, pair]))

    return one


@pytest.mark.parametrize("bytes_", [[], [58, 5, 1], [58, *[255] * 9, 1], [58, 128]])
def test_a_file_that_was_cut_or_goes_back_is_refused(call, bytes_):
    """The third one has a field of length -1, which would be read for ever."""
    with pytest.raises(Error, match="no whole ONNX file"):
        call("onnx", "read", bytes_)


def status(page: Page, part: str):
    return page.locator(f"#live-{part} [role=status]")


def wait(page: Page, part: str, text: str) -> None:
    expect(status(page, part)).to_contain_text(text, timeout=PATIENCE)


def shares(page: Page) -> list[str]:
    return page.locator(".live-value").all_inner_texts()


def draw(page: Page, strokes=STROKES) -> None:
    """Draw on the paper with a mouse."""
    paper = page.locator("#live-digit canvas").first
    paper.scroll_into_view_if_needed()
    box = paper.bounding_box()
    for stroke in strokes:
        points = [
            (box["x"] + x * box["width"], box["y"] + y * box["height"])
            for x, y in stroke
        ]
        page.mouse.move(*points[0])
        page.mouse.down()
        for point in points[1:]:
            page.mouse.move(*point, steps=4)
        page.mouse.up()


@pytest.mark.parametrize("name", export.INPUTS)
def test_the_browser_computes_what_pytorch_computes(modules, home, name):
    _, _, x, y = digits.digit_sets()
    inputs = (
        classifier.plain(x[:10])
        if name == "digits"
        else make_scenes(x, y, 2, seed=7)[0]
    )
    model, maps = export.load(HERE, name), []
    relu = next(one for one in model.modules() if isinstance(one, torch.nn.ReLU))
    hook = relu.register_forward_hook(lambda *found: maps.append(found[-1].clone()))
    with torch.no_grad():
        outputs = model(inputs)
    hook.remove()
    found = modules.evaluate(RUN, [name, home, [given(one[None]) for one in inputs]])
    first, last = zip(*found, strict=True)
    for mine, theirs in ((first, maps[0]), (last, outputs)):
        mine = torch.cat([tensor(one) for one in mine])
        assert mine.shape == theirs.shape
        assert (mine - theirs).abs().max() < CLOSE
    assert maps[0].max() > 0.1 and outputs.std() > 0.1  # there is something to compare


def test_nothing_is_fetched_before_the_reader_asks(page, asked):
    page.goto(PAGE)
    page.wait_for_selector("#live-scene canvas")
    rest(page)
    heavy = (".onnx", "scans.json", "worker.js")
    assert not [url for url in asked if url.endswith(heavy)]
    draw(page)
    wait(page, "digit", "It reads")
    assert [url for url in asked if url.endswith("digits.onnx")]
    assert not [url for url in asked if url.endswith("detector.onnx")]


def test_no_other_page_loads_the_modules(site):
    loading = {
        name
        for name in site.pages
        if "javascripts/live" in (site.folder / name).read_text(encoding="utf-8")
    }
    assert loading == {f"{PAGE}index.html", f"{LANGUAGE}index.html"}


def test_the_picture_of_the_home_page_becomes_paper(tab):
    asked = []
    tab.page.on("request", lambda one: asked.append(one.url))
    tab.go("index.html")
    assert not [url for url in asked if "/live/" in url]
    tab.page.locator(".hero .draw").click()
    draw(tab.page)
    wait(tab.page, "digit", "It reads")
    assert tab.page.locator(".hero .figure").count() == 0
    assert not tab.page.locator(".hero .caption").is_visible()
    refuse(axe_in(tab, [USUAL, Look("dark", PHONE)], ".hero"))


def test_where_no_paper_loads_the_home_page_leads_to_it(page, home):
    page.route("**/live/digit.js", lambda route: route.abort())
    page.goto("")
    page.locator(".hero .draw").click()
    page.wait_for_url(f"**/{PAGE}", wait_until="commit")


INK = """paper => {
  const { width, height } = paper
  const { data } = paper.getContext("2d").getImageData(0, 0, width, height)
  return data.filter((value, i) => i % 4 === 3 && value).length
}"""


def test_until_a_stroke_a_scan_lies_there_with_what_was_recorded(live):
    wait(live, "digit", "The network reads this 3 as a 9")
    _, _, x, y = digits.digit_sets()
    scan = x[y == 3][export.UNSURE][None]
    with torch.no_grad():
        right = export.load(HERE, "digits")(classifier.plain(scan)).softmax(1)[0]
    for share, value in zip(shares(live), right.tolist(), strict=True):
        assert abs(int(share.removesuffix(" %")) - 100 * value) <= 0.51
    paper = live.get_by_role("application", name="Paper")
    full = paper.evaluate(INK)
    live.get_by_role("button", name="Clear the paper").click()
    assert 0 < paper.evaluate(INK) < full / 5
    assert shares(live) == ["–"] * 10


def test_what_a_mouse_draws_changes_the_probabilities(live):
    draw(live, STROKES[:1])
    wait(live, "digit", "It reads")
    one = shares(live)
    assert sum(int(share.removesuffix(" %")) for share in one) in range(95, 106)
    live.get_by_role("button", name="Clear the paper").click()
    assert shares(live) == ["–"] * 10
    draw(live, [[(0.3, 0.2), (0.7, 0.2), (0.4, 0.9)]])
    wait(live, "digit", "It reads")
    assert shares(live) != one


def test_a_scan_gets_the_shares_that_pytorch_gives_it(live):
    _, _, x, y = digits.digit_sets()
    model = export.load(HERE, "digits")
    for digit in (3, 8):
        live.get_by_role("group", name="A scan").get_by_role(
            "button", name=str(digit)
        ).click()
        wait(live, "digit", "It reads")
        # The first press takes the first scan of its digit, the second the second.
        scan = x[y == digit][(3, 8).index(digit)]
        with torch.no_grad():
            right = model(classifier.plain(scan[None])).softmax(1)[0]
        for share, value in zip(shares(live), right.tolist(), strict=True):
            assert abs(int(share.removesuffix(" %")) - 100 * value) <= 0.51


def test_a_scan_lies_on_the_paper_until_something_is_drawn(live):
    paper = live.get_by_role("application", name="Paper")
    live.get_by_role("button", name="Clear the paper").click()
    empty = paper.evaluate(INK)  # the words that invite to draw
    live.get_by_role("group", name="A scan").get_by_role("button", name="3").click()
    wait(live, "digit", "It reads 3")
    scan = paper.evaluate(INK)
    assert 0 < empty < scan / 5
    draw(live, [[(0.5, 0.2), (0.5, 0.4)]])
    assert 0 < paper.evaluate(INK) < scan / 2


def test_a_digit_can_be_drawn_with_keys_alone(live):
    paper = live.get_by_role("application", name="Paper")
    paper.focus()
    live.keyboard.press("Delete")
    for _ in range(5):
        live.keyboard.press("ArrowUp")
    assert shares(live) == ["–"] * 10  # the pen was up
    live.keyboard.press("Space")
    expect(status(live, "digit")).not_to_have_text("The paper is empty.")
    for _ in range(10):
        live.keyboard.press("ArrowDown")
    live.keyboard.press("Space")  # while the network still reads
    wait(live, "digit", "The pen is up")
    wait(live, "digit", "It reads 1")
    wait(live, "digit", "The pen is up")  # the answer has not overwritten it
    live.keyboard.press("Delete")
    assert shares(live) == ["–"] * 10


def test_every_control_is_reached_by_the_tab_key(live):
    live.locator("#live-digit canvas").first.focus()
    live.locator("#live-scene .live-digits button").first.click()  # wakes the others
    wait(live, "scene", "The detector finds")
    draw(live)
    live.locator("#live-digit canvas").first.focus()
    controls = (
        "[...document.querySelectorAll('.live :is(canvas[tabindex], button, input)')]"
    )
    wanted = live.evaluate(f"{controls}.length")
    seen = {0}
    for _ in range(2 * wanted):  # links of the page are between them
        live.keyboard.press("Tab")
        seen.add(live.evaluate(f"{controls}.indexOf(document.activeElement)"))
    assert seen - {-1} == set(range(wanted))


def test_what_is_drawn_is_moved_to_the_middle(call):
    small = [[[0.1, 0.1], [0.2, 0.3]]]
    fitted = tensor({"dims": [28, 28], **call("picture", "draw", small, True)})
    plainly = tensor({"dims": [28, 28], **call("picture", "draw", small, False)})
    rows = (fitted > 0.5).any(1).nonzero()
    assert (rows.min(), rows.max()) == (4, 23)  # 20 rows in the middle of 28
    assert (plainly > 0.5).nonzero().max() < 12


@pytest.fixture
def reads(call):
    """What PyTorch's network says of strokes: ten shares."""
    model = export.load(HERE, "digits")

    def one(strokes, fit=True):
        x = tensor({"dims": [1, 1, 28, 28], **call("picture", "draw", strokes, fit)})
        with torch.no_grad():
            return model(x).softmax(1)[0]

    return one


def test_ten_drawn_digits_are_read(reads):
    right = [int(reads(one).argmax()) for one in drawn_digits()]
    assert right == list(range(10))


def test_small_digits_in_a_corner_are_misread_and_larger_ones_are_not(reads):
    def right(scale, place):
        def moved(strokes):
            return [[[v * scale + place for v in p] for p in one] for one in strokes]

        found = [reads(moved(one), False).argmax() for one in drawn_digits()]
        return sum(int(label) == digit for digit, label in enumerate(found))

    assert right(0.33, 0.02) <= 4
    assert right(0.6, 0.2) >= 8


def test_what_is_no_digit_gets_one_all_the_same(reads):
    face = [around(0.5, 0.5, 0.4), [[0.35, 0.4]], [[0.65, 0.4]]]
    face.append(around(0.5, 0.5, 0.2, 0.3, 0.7))
    cross = [[[0.2, 0.2], [0.8, 0.8]], [[0.8, 0.2], [0.2, 0.8]]]
    plus = [[[0.5, 0.2], [0.5, 0.8]], [[0.2, 0.5], [0.8, 0.5]]]
    found = [reads(one) for one in (face, cross, plus)]
    assert [int(one.argmax()) for one in found] == [0, 8, 1]
    assert all(one.max() > 0.8 and one.sum() == pytest.approx(1) for one in found)


def test_a_line_at_its_top_turns_a_1_into_a_7(reads):
    def with_line(length):
        return reads([[[0.5 - length, 0.15], [0.5, 0.15], [0.5, 0.85]]]).argmax()

    assert with_line(0.0) == 1
    assert with_line(0.35) == 7  # half of the stroke, which is 0.7 high
    found = [int(with_line(k / 50)) for k in range(18)]
    assert set(found) == {1, 7} and found[0] == 1 and found[-1] == 7


def test_some_maps_answer_at_the_left_of_a_stroke_and_some_at_the_right():
    model = export.load(HERE, "digits")
    x = torch.zeros(1, 1, 28, 28)
    x[..., 4:24, 12:16] = 1.0
    with torch.no_grad():
        maps = model[:2](x)[0] - model[:2](torch.zeros_like(x))[0]  # (16, 28, 28)
    assert len(maps) == 16
    middle = maps.clamp(min=0)[:, 8:20]
    left, right = middle[:, :, 9:14].sum((1, 2)), middle[:, :, 14:19].sum((1, 2))
    assert (left > 3 * right + 0.1).any() and (right > 3 * left + 0.1).any()


def test_a_scan_is_enlarged_as_for_the_training(call):
    _, _, x, _ = digits.digit_sets()
    for scan in x[:5]:
        found = tensor(
            {"dims": [28, 28], **call("picture", "enlarge", picture(scan[0]))}
        )
        assert (found - classifier.plain(scan[None])[0, 0]).abs().max() < 1e-5


def test_a_scene_is_made_as_the_detector_learned_it(call, modules, home):
    seed = torch.Generator().manual_seed(3)
    right = clutter(seed)
    again = torch.Generator().manual_seed(3)
    numbers = [
        torch.rand(1, 3, 5, 5, generator=again),
        torch.rand(9, 7, generator=again),
        torch.randn(3, 96, 96, generator=again),
    ]
    found = modules.evaluate(
        """async ([home, given]) => {
          const at = new URL("assets/javascripts/live/scenes.js", home)
          const { clutter } = await import(at)
          const { dims, data } = clutter(...given.map(one => Float32Array.from(one)))
          return { dims, data: [...data] }
        }""",
        [home, [one.flatten().tolist() for one in numbers]],
    )
    assert (tensor(found)[0] - right).abs().max() < 1e-5

    _, _, x, _ = digits.digit_sets()
    box, colour = (10, 20, 28, 50), torch.tensor([0.9, 0.8, 0.1])
    chosen = contrast(colour, right, box)
    assert call("scenes", "contrast", colour.tolist(), given(right[None]), box) == (
        pytest.approx(chosen.tolist(), abs=1e-6)
    )
    scan = picture(x[0, 0])
    pasted = call("scenes", "paste", given(right[None]), scan, box, chosen.tolist())
    paste(right, trim(x[0, 0]), box, chosen)
    assert (tensor(pasted)[0] - right).abs().max() < 1e-5


def test_boxes_are_those_of_pytorch(call):
    _, _, x, y = digits.digit_sets()
    model = export.load(HERE, "detector")
    for scene in make_scenes(x, y, 3, seed=11)[0]:
        with torch.no_grad():
            output = model(scene[None])
        boxes, scores, labels = detector.detect(model, scene, threshold=0.3)
        found = call("boxes", "detect", given(output), 0.3)
        assert [one["label"] for one in found] == labels.tolist()
        assert [one["score"] for one in found] == pytest.approx(
            scores.tolist(), abs=CLOSE
        )
        for one, box in zip(found, boxes.tolist(), strict=True):
            assert one["box"] == pytest.approx(box, abs=1e-3)


def test_a_digit_dropped_into_the_scene_gets_a_box_that_moves_with_it(live):
    live.get_by_role("group", name="Digit to drop").get_by_role(
        "button", name="3"
    ).click()
    wait(live, "scene", "The detector finds")
    view = live.get_by_role("application", name="Scene")
    view.click(position={"x": 80, "y": 100})
    first = live.locator(".live-boxes li").first
    expect(first).to_contain_text("3, ", timeout=PATIENCE)
    before = first.inner_text()
    for _ in range(6):
        live.keyboard.press("ArrowRight")
    expect(first).not_to_have_text(before, timeout=PATIENCE)
    count = live.locator(".live-boxes li").count()
    live.keyboard.press("Enter")  # leaves it there, and takes another
    expect(live.locator(".live-boxes li")).to_have_count(count + 1, timeout=PATIENCE)


def test_a_finger_drops_a_digit(phone):
    page = phone
    page.goto(PAGE)
    page.get_by_role("application", name="Scene").tap()
    wait(page, "scene", "The detector finds")
    page.get_by_role("application", name="Paper").tap()
    wait(page, "digit", "It reads")
    touch = "one => getComputedStyle(one).touchAction"
    for canvas in page.get_by_role("application").all():
        assert canvas.evaluate(touch) == "none"  # a finger draws, it does not scroll


def test_a_phone_shows_the_answer_with_the_paper_and_leaves_room_to_scroll(phone):
    phone.goto(PAGE)
    paper = phone.get_by_role("application", name="Paper")
    box, said = paper.bounding_box(), status(phone, "digit").bounding_box()
    assert 0 <= box["y"] - said["y"] - said["height"] < 30
    for bar in phone.locator(".live-desk .live-bars li").all():
        one = bar.bounding_box()
        assert box["y"] <= one["y"] and one["y"] < box["y"] + box["height"]
    wide = phone.viewport_size["width"]
    for canvas in phone.get_by_role("application").all():
        assert canvas.bounding_box()["width"] < 0.85 * wide


def test_before_a_stroke_the_maps_are_those_of_a_scan(live):
    inked = """() => [...document.querySelectorAll(".live-maps canvas")].every(one => {
      const { data } = one.getContext("2d").getImageData(0, 0, one.width, one.height)
      return data.some(Boolean)
    })"""
    caption = live.get_by_text("For a scan of a 3")
    live.wait_for_function(inked)
    assert caption.count() == 1
    draw(live)
    wait(live, "digit", "It reads")
    assert caption.count() == 0
    live.get_by_role("button", name="Clear the paper").click()
    assert caption.count() == 1 and live.evaluate(inked)


def test_the_limit_decides_which_boxes_are_seen(live):
    live.get_by_role("group", name="Digit to drop").get_by_role(
        "button", name="5"
    ).click()
    wait(live, "scene", "The detector finds")
    slider, counts = live.get_by_label("Show boxes from"), []
    for limit in ("0.05", "0.3", "0.95"):
        slider.fill(limit)
        said = status(live, "scene").inner_text()
        counts.append(int(said.split()[3]))
    assert counts == sorted(counts, reverse=True) and counts[0] > counts[-1]


def test_what_is_drawn_is_sent_nowhere(live, asked):
    draw(live)
    wait(live, "digit", "It reads")
    asked.clear()
    draw(live, STROKES[:1])
    wait(live, "digit", "It reads")
    assert not asked


def test_a_drawing_can_be_dropped_too(live):
    mine = live.get_by_role("button", name="My drawing")
    expect(mine).to_be_disabled()
    draw(live)
    expect(mine).to_be_enabled()
    mine.click()
    wait(live, "scene", "The detector finds")


def test_a_network_that_does_not_load_is_said(page):
    page.route("**/*.onnx", lambda route: route.fulfill(status=404, body=""))
    page.goto(PAGE)
    page.wait_for_selector("#live-scene canvas")
    draw(page)
    wait(page, "digit", "The network does not run here")
    page.unroute("**/*.onnx")
    draw(page)  # the next stroke tries again
    wait(page, "digit", "It reads")


def test_a_network_with_another_byte_is_refused(page, site):
    data = bytearray((site.folder / "assets/weights/digits.onnx").read_bytes())
    data[len(data) // 2] ^= 1
    page.route("**/*.onnx", lambda route: route.fulfill(body=bytes(data)))
    page.goto(PAGE)
    page.wait_for_selector("#live-scene canvas")
    draw(page)
    wait(page, "digit", "The network does not run here")


def test_without_javascript_the_page_says_what_is_missing(plain_page):
    plain_page.goto(PAGE)
    said = plain_page.locator(".md-content noscript")
    assert said.is_visible() and "JavaScript is switched off" in said.inner_text()
    assert not plain_page.locator(".live button, .live canvas").count()


def test_axe_finds_nothing_serious_while_the_networks_answer(tab):
    tab.go(f"{PAGE}index.html")
    draw(tab.page)
    tab.page.locator("#live-scene .live-digits button").first.click()
    wait(tab.page, "digit", "It reads")
    wait(tab.page, "scene", "The detector finds")
    found = []
    for look in (USUAL, Look("dark", PHONE)):
        found += axe_in(tab, [look], "article")
        wide = "document.documentElement.scrollWidth > innerWidth"
        assert not tab.page.evaluate(wide), look
    refuse(found)
