// Pictures that move: where a page has `data-moving="shapes"`, the module shapes.js is
// loaded when the reader comes near, and draws below the still picture that is there.

const SVG = "http://www.w3.org/2000/svg"

const fill = (made, properties, children) => {
  for (const [name, value] of Object.entries(properties)) {
    if (name in made && !(made instanceof SVGElement)) made[name] = value
    else made.setAttribute(name, value)
  }
  made.append(...children)
  return made
}

export const element = (tag, properties = {}, ...children) =>
  fill(document.createElement(tag), properties, children)

export const svg = (tag, attributes = {}, ...children) =>
  fill(document.createElementNS(SVG, tag), attributes, children)

// Writes only what differs: a screen reader says again what is written again.
export const write = (node, text) => {
  if (node.textContent !== text) node.textContent = text
}

// What goes on, in words that a screen reader says as they change.
export const status = () => element("p", { role: "status", className: "moving-status" })

const labelled = (words, input, ...shown) =>
  element("label", {}, element("span", {}, words, ...shown), input)

// A slider with its words; `text` has what is shown of its value.
export function range(words, { min, max, step = 1, value }, changed, text = String) {
  const shown = element("b", {}, text(value))
  const input = element("input", { type: "range", min, max, step, value })
  const label = labelled(words, input, " ", shown)
  const show = () => {
    write(shown, text(input.valueAsNumber))
    input.setAttribute("aria-valuetext", shown.textContent)
  }
  input.addEventListener("input", () => {
    show()
    changed(input.valueAsNumber)
  })
  show()
  return Object.assign(label, { input, show })
}

export function choice(words, options, value, changed) {
  const made = options.map(([value, text]) => element("option", { value }, text))
  const input = element("select", {}, ...made)
  input.value = value
  input.addEventListener("change", () => changed(input.value))
  return Object.assign(labelled(words, input), { input })
}

// A whole number; what is out of bounds, or none, changes nothing until it is left.
export function whole(words, { min, max, value }, changed) {
  const inputMode = min < 0 ? "text" : "numeric" // some number pads have no minus
  const input = element("input", { type: "number", inputMode, min, max, value })
  const label = words ? labelled(words, input) : input
  let last = value
  input.addEventListener("input", () => {
    if (!input.validity.valid || !input.value) return
    last = input.valueAsNumber
    changed(last)
  })
  input.addEventListener("change", () => (input.value = last))
  const set = value => (input.value = last = value)
  return Object.assign(label, { input, set, now: () => last })
}

export const button = (text, name, onclick) =>
  element("button", { type: "button", "aria-label": name, onclick }, text)

export const row = (...children) => element("div", { className: "moving-row" }, ...children)

// A program of a few lines, and what it prints.
export function program() {
  const code = element("code", { className: "moving-code" })
  const out = element("code", { className: "moving-out" })
  const box = element("pre", {}, code, out)
  const show = (source, printed) => {
    write(code, source)
    write(out, printed)
  }
  return Object.assign(box, { show })
}

const style = () =>
  new Promise(done => {
    const href = new URL("moving.css", import.meta.url)
    const link = element("link", { rel: "stylesheet", href, onload: done, onerror: done })
    document.head.append(link)
  })

let styled
async function mount(place) {
  const { moving, first } = place.dataset
  styled ??= style()
  const [{ picture }] = await Promise.all([import(`./${moving}.js`), styled])
  const box = element("div", { className: "moving", role: "group" })
  picture(box, first)
  const fold = place.nextElementSibling
  const last = fold?.matches("details.example") ? fold : place
  last.after(box)
}

const near = { rootMargin: "25% 0px" }
const observer = new IntersectionObserver(entries => {
  for (const { isIntersecting, target } of entries) {
    if (!isIntersecting) continue
    observer.unobserve(target)
    mount(target).catch(console.warn) // the still picture stays
  }
}, near)
for (const place of document.querySelectorAll("[data-moving]")) observer.observe(place)
