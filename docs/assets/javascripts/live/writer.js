// Let a language model write: the next token's probabilities, and the text that grows.

import { button, element, percent, range, statusLine } from "./elements.js"
import { choices, draw, logits, read } from "./gpt.js"
import { Tokens } from "./tokens.js"
import { whole } from "./whole.js"

const LISTED = 10
const MANY = 40
const [ALL, STOP] = [`${MANY} tokens`, "Stop"] // what the button of many says
const FILE = new URL("../../weights/language-model.safetensors", import.meta.url)

let loading
// The model and its tokens, fetched the first time.
function load() {
  loading ??= whole(FILE)
    .then(async answer => {
      if (!answer.ok) throw new Error(`${FILE.pathname}: ${answer.status}`)
      const model = read(new Uint8Array(await answer.arrayBuffer()))
      return { model, tokens: new Tokens(model.merges) }
    })
    .catch(error => {
      loading = undefined
      throw error
    })
  return loading
}

// What cannot be seen, written out.
const visible = text => text.replaceAll(" ", "␣").replaceAll("\n", "⏎")

// `random` gives numbers from 0 to 1.
export function writer(root, random = Math.random) {
  let temperature = 0.6
  let k = 40
  let ids = [] // the tokens that the model has added
  let busy = false
  let left = 0 // that are still to be written

  const start = element("input", {
    type: "text",
    value: "Alice looked",
    autocomplete: "off",
  })
  const added = element("span", { className: "live-added" })
  const begun = element("span", {}, start.value)
  const written = element("p", { className: "live-text" }, begun, added)
  const status = statusLine("The model loads when you type or press a button.")
  const bars = element("ol", {
    className: "live-bars live-tokens",
    "aria-label": "Probabilities of the next token",
  })
  // For the first start they stand on the page, so that they are there before the model.
  list(
    [...root.querySelectorAll("li")].map(row => {
      const [words, percents] = row.textContent.split(" ")
      return { words, share: percents / 100 }
    }),
  )

  function list(rows) {
    bars.replaceChildren(
      ...rows.map(({ words, share }, i) => {
        const bar = element("span", { className: "live-bar" })
        bar.style.setProperty("--share", share)
        return element(
          "li",
          { className: i ? "" : "live-best" },
          element("b", {}, words),
          bar,
          element("span", { className: "live-value" }, percent(share)),
        )
      }),
    )
  }

  // The choices for the next token of the text as it stands.
  async function next() {
    const { model, tokens } = await load()
    const known = [...tokens.encode(start.value), ...ids]
    if (!known.length) {
      for (const one of [bars, begun, added]) one.replaceChildren()
      throw new Error("it needs a start, at least one sign")
    }
    const found = choices(logits(model, known), temperature, k)
    return { found, tokens }
  }

  function show({ found, tokens }) {
    begun.textContent = start.value
    added.textContent = tokens.decode(ids)
    list(
      found.slice(0, LISTED).map(({ id, share }) => {
        return { words: visible(tokens.decode([id])), share }
      }),
    )
  }

  const pause = () => new Promise(resolve => setTimeout(resolve))

  async function write(count) {
    left = count
    many.textContent = count > 1 ? STOP : ALL
    if (busy) return
    busy = true
    try {
      if (!loading) status.textContent = "Loading the model …"
      let shown = await next()
      const before = ids.length
      while (left > 0) {
        left--
        ids.push(draw(shown.found, random))
        shown = await next()
        show(shown)
        await pause()
      }
      shown = await next() // the start may have changed meanwhile
      show(shown)
      tell(shown.tokens, ids.slice(before))
    } catch (error) {
      status.textContent = `The model does not write: ${error.message}.`
    } finally {
      left = 0
      busy = false
      many.textContent = ALL
    }
  }

  function tell(tokens, latest) {
    const count = latest.length === 1 ? "one token" : `${latest.length} tokens`
    const words = `: “${tokens.decode(latest)}”` // seen in the text, here only heard
    if (latest.length)
      status.replaceChildren(
        `It wrote ${count}`,
        element("span", { className: "live-heard" }, words),
        ".",
      )
    else status.textContent = "These tokens may come next."
  }

  function again() {
    ids = []
    write(0)
  }

  const many = button(ALL, () => (many.textContent === STOP ? (left = 0) : write(MANY)))
  many.classList.add("live-many")
  const one = button("One token", () => write(1))
  one.classList.add("live-first")

  const changed = () => busy || (loading && write(0))
  start.addEventListener("input", again)
  start.addEventListener("keydown", event => event.key === "Enter" && write(MANY))

  root.replaceChildren(
    element(
      "div",
      { className: "live-side" },
      element(
        "div",
        {},
        element("label", {}, "Start of the text:", start),
        written,
        element("div", { className: "live-row" }, one, many, button("Restart", again)),
        status,
      ),
      element(
        "div",
        { className: "live-next" },
        element("p", { className: "live-label" }, "The next token:"),
        bars,
      ),
      element(
        "div",
        {},
        range(
          "Temperature:",
          { min: 0, max: 2, step: 0.1, value: temperature },
          value => (value ? value.toFixed(1) : "0, always the most probable token"),
          value => {
            temperature = value
            changed()
          },
        ),
        range(
          "Top-k:",
          { min: 1, max: 100, step: 1, value: k },
          value => `${value} most probable`,
          value => {
            k = value
            changed()
          },
        ),
      ),
    ),
  )
}
