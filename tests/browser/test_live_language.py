"""A language model in the reader's browser: its numbers, and what a reader can do."""

import json
from functools import cache

import pytest
import torch
from playwright.sync_api import Page, expect

from harness.core.tree import HERE
from lab.train import export
from lab.train.tokens import encode, vocabulary
from tests.claims_support import Later

from . import refuse
from .visits import PHONE, USUAL, Look, axe_in, faultless, rest

language_model = Later("lab.train.language_model")
PAGE = "walkthroughs/language-model-live/"
CLOSE = 1e-4
PATIENCE = 60_000  # milliseconds: other tests may use all cores
TEXTS = [
    "Alice looked",
    "A",
    "The Queen of Hearts, she made some tarts, all on a summer day: " * 3,  # > 64
    "naïve 猫 🐈\n\n  two  spaces, and 12 numbers_",
    "\ufeffA file may begin with this mark",
]
RUN = """async ([home, texts]) => {
  const module = file => import(new URL(`assets/javascripts/live/${file}.js`, home))
  const { logits, read } = await module("gpt")
  const { Tokens } = await module("tokens")
  const answer = await fetch(new URL("assets/weights/language-model.safetensors", home))
  const model = read(new Uint8Array(await answer.arrayBuffer()))
  const tokens = new Tokens(model.merges)
  return texts.map(text => {
    const ids = tokens.encode(text)
    return { ids, logits: [...logits(model, ids)], text: tokens.decode(ids) }
  })
}"""
CHOOSE = """async ([home, logits, temperature, k]) => {
  const at = new URL("assets/javascripts/live/gpt.js", home)
  const { choices, draw } = await import(at)
  const found = choices(Float32Array.from(logits), temperature, k)
  const drawn = [0, 0.25, 0.5, 0.75, 0.999].map(at => draw(found, () => at))
  return JSON.stringify([found, drawn])
}"""

# What the page shows before the model is there: percent, for "Alice looked".
FIRST = {
    "␣to": 42,
    "␣up": 19,
    "␣at": 12,
    "␣very": 3,
    "␣down": 3,
    "␣r": 3,
    "␣in": 2,
    "␣a": 2,
    "␣an": 2,
    "␣for": 2,
}
# Presses Stop as soon as the first token is there.
STOP = """() => {
  const named = name => [...document.querySelectorAll("#live-writer button")].find(
    one => one.textContent === name
  )
  new MutationObserver((_, watch) => {
    watch.disconnect()
    named("Stop").click()
  }).observe(document.querySelector(".live-added"), { childList: true })
  named("40 tokens").click()
}"""


@pytest.fixture
def live(page: Page, home: str):
    """The page; nothing may go wrong while it is used."""
    page.set_default_timeout(PATIENCE)
    with faultless(page, home):
        page.goto(PAGE)
        page.wait_for_selector("#live-writer button")
        yield page


def wait(page: Page, text) -> None:
    expect(page.locator("#live-writer [role=status]")).to_contain_text(
        text, timeout=PATIENCE
    )


def press(page: Page, name: str) -> None:
    page.locator("#live-writer").get_by_role("button", name=name, exact=True).click()


def written(page: Page) -> str:
    return page.locator("#live-writer .live-text").inner_text()


@cache
def merges() -> list:
    """What the tokenizer learned of the book."""
    return language_model.book()[-1]


def greedy(start: str, count: int) -> list[int]:
    model = export.load(HERE, "language-model")
    ids = encode(start, merges())
    with torch.no_grad():
        for _ in range(count):
            ids.append(int(model(torch.tensor([ids[-64:]]))[0, -1].argmax()))
    return ids


def test_the_browser_computes_what_pytorch_computes(modules, home):
    model = export.load(HERE, "language-model")
    found = modules.evaluate(RUN, [home, TEXTS])
    for text, one in zip(TEXTS, found, strict=True):
        ids = encode(text, merges())
        assert one["ids"] == ids and one["text"] == text
        with torch.no_grad():
            right = model(torch.tensor([ids[-64:]]))[0, -1]
        assert right.std() > 0.5  # there is something to compare
        assert (torch.tensor(one["logits"]) - right).abs().max() < CLOSE


@pytest.mark.parametrize(
    ("temperature", "k"), [(1, 512), (0.5, 512), (2, 5), (1, 1), (0, 40)]
)
def test_the_choices_are_those_of_pytorch(modules, home, temperature, k):
    logits = torch.randn(512, generator=torch.Generator().manual_seed(0)) * 3
    given = [home, logits.tolist(), temperature, k]
    found, drawn = json.loads(modules.evaluate(CHOOSE, given))
    best = logits.topk(k if temperature else 1)
    shares = (best.values / (temperature or 1)).softmax(0)
    assert [one["id"] for one in found] == best.indices.tolist()
    assert [one["share"] for one in found] == pytest.approx(shares.tolist(), abs=1e-6)
    ends = shares.double().cumsum(0)
    for at, one in zip([0, 0.25, 0.5, 0.75, 0.999], drawn, strict=True):
        assert one == best.indices[int((ends <= at).sum())]


def test_nothing_is_fetched_before_the_reader_asks(page, asked):
    page.goto(PAGE)
    page.wait_for_selector("#live-writer button")
    rest(page)
    assert not [url for url in asked if url.endswith((".safetensors", ".onnx"))]
    press(page, "One token")
    wait(page, "It wrote one token")
    assert [url for url in asked if url.endswith(".safetensors")]
    before, text = written(page), page.locator("#live-writer .live-text")
    asked.clear()
    press(page, "40 tokens")
    wait(page, "It wrote 40 tokens")
    assert text.inner_text() != before
    assert not asked  # what is written is sent nowhere


def test_before_the_model_loads_the_page_shows_what_it_finds(page, asked, plain_page):
    tokens = vocabulary(merges())
    with torch.no_grad():
        ids = torch.tensor([encode("Alice looked", merges())])
        best = export.load(HERE, "language-model")(ids)[0, -1].topk(40)
    shares = (best.values / 0.6).softmax(0)[:10].tolist()
    named = [tokens[one].decode().replace(" ", "␣") for one in best.indices[:10]]
    right = zip(named, (round(100 * share) for share in shares), strict=True)
    assert list(right) == list(FIRST.items())
    plain_page.goto(PAGE)
    said = plain_page.locator("#live-writer li").all_inner_texts()
    assert said == [f"{name} {percent} %" for name, percent in FIRST.items()]
    page.goto(PAGE)
    page.wait_for_selector("#live-writer button")
    rows = page.locator("#live-writer li")
    assert [one.split() for one in rows.all_inner_texts()] == [
        one.split() for one in said
    ]
    bar = page.locator("#live-writer .live-bar").first
    width = "one => parseFloat(getComputedStyle(one).backgroundSize)"
    assert bar.evaluate(width) == pytest.approx(100 * shares[0], abs=1)
    assert not [url for url in asked if url.endswith(".safetensors")]


def test_at_temperature_0_it_writes_what_pytorch_writes(live):
    live.get_by_label("Temperature").fill("0")
    press(live, "40 tokens")
    wait(live, "It wrote 40 tokens")
    ids = greedy("Alice looked", 40)
    tokens = vocabulary(merges())
    right = b"".join(tokens[one] for one in ids).decode(errors="replace")
    assert written(live) == right
    shares = live.locator("#live-writer .live-value").all_inner_texts()
    assert shares == ["100 %"]


def test_the_bars_show_the_ten_most_probable_tokens(live):
    live.get_by_label("Temperature").fill("1")
    live.get_by_label("Top-k").fill("100")
    live.get_by_label("Start of the text").fill("said the Mock")
    wait(live, "These tokens may come next")
    model = export.load(HERE, "language-model")
    with torch.no_grad():
        logits = model(torch.tensor([encode("said the Mock", merges())]))[0, -1]
    best = logits.topk(100).values.softmax(0)[:10]
    shares = live.locator("#live-writer .live-value").all_inner_texts()
    assert len(shares) == 10
    for share, value in zip(shares, best.tolist(), strict=True):
        assert abs(int(share.removesuffix(" %")) - 100 * value) <= 0.51


def test_writing_can_be_stopped_and_begun_again(live):
    live.evaluate(STOP)
    wait(live, "It wrote one token")
    expect(live.get_by_role("button", name="40 tokens")).to_be_visible()
    press(live, "One token")
    wait(live, "It wrote one token")
    assert len(written(live)) > len("Alice looked")
    press(live, "Restart")
    wait(live, "These tokens may come next")
    assert written(live) == "Alice looked"


def test_it_can_be_used_by_keys_alone(live):
    live.get_by_label("Start of the text").focus()
    live.keyboard.press("Enter")
    wait(live, "It wrote 40 tokens")
    seen = []
    for _ in range(5):
        live.keyboard.press("Tab")
        seen.append(
            live.evaluate(
                "document.activeElement.type + ' ' + document.activeElement.innerText"
            ).strip()
        )
    assert seen == [
        "button One token",
        "button 40 tokens",
        "button Restart",
        "range",
        "range",
    ]


def test_an_empty_start_is_said(live):
    press(live, "One token")
    wait(live, "It wrote one token")
    live.get_by_label("Start of the text").fill("")
    wait(live, "needs a start")
    assert not written(live)  # nor what was chosen from before
    assert not live.locator("#live-writer .live-value").count()
    live.get_by_label("Start of the text").fill("猫")
    press(live, "One token")
    wait(live, "It wrote one token")


def test_a_model_that_does_not_load_is_said(page):
    page.route("**/*.safetensors", lambda route: route.fulfill(status=404, body=""))
    page.goto(PAGE)
    press(page, "One token")
    wait(page, "The model does not write")
    page.unroute("**/*.safetensors")
    press(page, "One token")  # tries again
    wait(page, "It wrote one token")


def test_without_javascript_an_example_stands_there(plain_page):
    plain_page.goto(PAGE)
    said = plain_page.locator(".md-content noscript")
    assert said.is_visible() and "JavaScript is switched off" in said.inner_text()
    assert "Alice looked" in plain_page.locator("#live-writer .live-text").inner_text()
    assert not plain_page.locator(".live button").count()


def test_axe_finds_nothing_serious_while_it_writes(tab):
    tab.go(f"{PAGE}index.html")
    press(tab.page, "40 tokens")
    wait(tab.page, "It wrote 40 tokens")
    found = []
    for look in (USUAL, Look("dark", PHONE)):
        found += axe_in(tab, [look], "article")
        wide = "document.documentElement.scrollWidth > innerWidth"
        assert not tab.page.evaluate(wide), look
    refuse(found)
