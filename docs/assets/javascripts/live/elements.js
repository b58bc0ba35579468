// Makes what the reader presses and sees.

let count = 0

export function element(tag, properties = {}, ...children) {
  const made = document.createElement(tag)
  for (const [name, value] of Object.entries(properties)) {
    if (name in made) made[name] = value
    else made.setAttribute(name, value)
  }
  made.append(...children)
  return made
}

export const button = (text, onclick) =>
  element("button", { type: "button", className: "md-button", onclick }, text)

// What goes on, in words that a screen reader says as they change.
export const statusLine = text =>
  element("p", { role: "status", className: "live-status" }, text)

// An input with its words; `text` has what is shown of its value.
export function range(words, { min, max, step, value }, text, oninput) {
  const shown = element("span", {}, text(value))
  const input = element("input", { type: "range", min, max, step, value })
  input.oninput = () => {
    shown.textContent = text(input.valueAsNumber)
    oninput(input.valueAsNumber)
  }
  return element("label", {}, words, " ", shown, input)
}

export function checkbox(words, checked, onchange) {
  const input = element("input", { type: "checkbox", checked })
  input.onchange = () => onchange(input.checked)
  return element("label", { className: "live-check" }, input, " ", words)
}

// Ten buttons, of which one is pressed.
export function digits(words, onclick) {
  const buttons = Array.from({ length: 10 }, (_, digit) =>
    button(String(digit), () => onclick(digit)),
  )
  return element(
    "div",
    { className: "live-digits", role: "group", "aria-label": words },
    ...buttons,
  )
}

// A canvas that takes keys; what they do is read out with it.
export function board(side, name, keys) {
  const help = element(
    "p",
    { id: `live-keys-${++count}`, className: "live-keys" },
    keys,
  )
  const canvas = element("canvas", {
    width: side,
    height: side,
    tabIndex: 0,
    role: "application",
    "aria-label": name,
    "aria-describedby": help.id,
  })
  return [canvas, help]
}

// Calls `at` with a place from 0 to 1 while a pointer is held down.
export function pointed(canvas, start, move) {
  const place = event => {
    const box = canvas.getBoundingClientRect()
    return [
      (event.clientX - box.left) / box.width,
      (event.clientY - box.top) / box.height,
    ]
  }
  let held = false
  canvas.addEventListener("pointerdown", event => {
    if (event.button) return
    held = true
    canvas.setPointerCapture(event.pointerId)
    canvas.focus()
    event.preventDefault()
    start(place(event))
  })
  canvas.addEventListener("pointermove", event => held && move(place(event)))
  for (const end of ["pointerup", "pointercancel"])
    canvas.addEventListener(end, () => (held = false))
}

const ARROWS = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
}

// Calls `move` with the direction of an arrow key, or what `others` has for a key.
export function keyed(canvas, move, others) {
  canvas.addEventListener("keydown", event => {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const arrow = ARROWS[event.key]
    if (arrow) move(...arrow)
    else if (event.key in others) others[event.key]()
    else return
    event.preventDefault()
  })
}

// Ink on nothing: the style inverts it where the page is dark.
export function paint(canvas, { height, width, data }, most = 1) {
  canvas.width = width
  canvas.height = height
  const image = new ImageData(width, height)
  data.forEach(
    (value, i) => (image.data[4 * i + 3] = (255 * Math.max(value, 0)) / most),
  )
  canvas.getContext("2d").putImageData(image, 0, 0)
}

export const cost = (name, { size, milliseconds }) =>
  `${name}.onnx: ${Math.round(size / 1000)} kB, run in ${Math.max(1, Math.round(milliseconds))} ms.`

export const percent = share => `${Math.round(100 * share)} %`
