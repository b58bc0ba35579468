// A tensor is a way to read a strip of memory: size, stride and offset.

import { choice, element, program, range, row, status, svg, whole, write } from "./kit.js"
import { read } from "./strides-math.js"

const LENGTH = 12
const VIEWS = {
  "t": [[3, 4], [4, 1], 0],
  "t.T": [[4, 3], [1, 4], 0],
  "t[1:, ::2]": [[2, 2], [4, 2], 4],
  "t[:, 1:2]": [[3, 1], [4, 1], 1],
  "t[0].expand(3, 4)": [[3, 4], [0, 1], 0],
  "t.flatten().unfold(0, 4, 2)": [[5, 4], [2, 1], 0],
}
const OWN = "as_strided"
const FIELDS = [
  ["rows", 1, 6],
  ["columns", 1, 6],
  ["stride down", -4, 12],
  ["stride right", -4, 12],
  ["offset", 0, 11],
]
const [CELL, GAP] = [30, 26]

export function picture(box, start = "t") {
  let element_ = 0
  let found
  const said = status()
  const shown = program()
  const drawing = svg("svg", { class: "moving-strip", role: "img" })
  const fields = FIELDS.map(([words, min, max]) =>
    whole(words, { min, max, value: 1 }, () => {
      chosen.input.value = OWN
      update()
    }),
  )
  const options = [
    ...Object.keys(VIEWS).map(name => [name, name]),
    [OWN, "your own numbers"],
  ]
  const chosen = choice("View of t", options, start, name => {
    if (name !== OWN) fill(name)
    update()
  })
  const place = range(
    "Element, in reading order",
    { min: 0, max: 1, value: 0 },
    value => {
      element_ = value
      point()
    },
    value => String(value),
  )

  function fill(name) {
    VIEWS[name].flat().forEach((value, i) => fields[i].set(value))
  }

  const now = () => {
    const [rows, columns, down, right, offset] = fields.map(one => one.now())
    return { size: [rows, columns], stride: [down, right], offset }
  }

  const cell = (x, y, text) =>
    svg(
      "g",
      { transform: `translate(${x} ${y})`, class: "cell" },
      svg("rect", { width: CELL - 4, height: 24, rx: 3 }),
      svg("text", { x: CELL / 2 - 2, y: 16.5, "text-anchor": "middle" }, String(text)),
    )
  let strip, cells

  function update() {
    const { size, stride, offset } = now()
    found = read(LENGTH, size, stride, offset)
    const { table } = found
    const used = new Set(table?.flat())
    strip = Array.from({ length: LENGTH }, (_, i) => cell(i * CELL, 18, i))
    strip.forEach((one, i) => one.classList.toggle("used", used.has(i)))
    const title = (y, text) => svg("text", { y, class: "quiet words" }, text)
    cells = (table ?? []).flatMap((line, i) =>
      line.map((value, j) => cell(j * CELL, 74 + i * GAP, value)),
    )
    cells.forEach(one => one.classList.add("used"))
    const height = table ? 74 + table.length * GAP : 46
    drawing.setAttribute("viewBox", `0 0 ${LENGTH * CELL} ${height}`)
    drawing.replaceChildren(title(11, "memory"), ...strip)
    if (table) drawing.append(title(67, "what the view shows"), ...cells)
    const count = table ? size[0] * size[1] : 1
    element_ = Math.min(element_, count - 1)
    place.input.max = count - 1
    place.input.value = element_
    place.input.disabled = !table
    place.show()
    const name = chosen.input.value
    const view =
      name === OWN
        ? `t.as_strided((${size.join(", ")}), (${stride.join(", ")}), ${offset})`
        : name
    const printed = table
      ? `${size.length && `(${size.join(", ")})`} (${stride.join(", ")}) ${offset} ${found.contiguous ? "True" : "False"}`
      : found.error
    const lines = [
      "t = torch.arange(12).view(3, 4)",
      `v = ${view}`,
      ...(name === OWN && !table
        ? []
        : ["print(tuple(v.shape), v.stride(), v.storage_offset(), v.is_contiguous())"]),
    ]
    shown.show(lines.join("\n"), printed)
    point()
  }

  function point() {
    const { size, stride, offset } = now()
    const { table } = found
    if (!table) {
      const why = found.error.includes("Negative")
        ? "PyTorch allows no negative strides: flip copies instead."
        : "The last element would lie behind the end of the memory."
      write(said, `It fails. ${why}`)
      return drawing.setAttribute("aria-label", "Twelve cells of memory")
    }
    const [i, j] = [Math.floor(element_ / size[1]), element_ % size[1]]
    const at = table[i][j]
    strip.forEach((one, k) => one.classList.toggle("active", k === at))
    cells.forEach((one, k) => one.classList.toggle("active", k === element_))
    const shared = table.flat().filter(one => one === at).length
    const twice = shared > 1 ? ` ${shared} elements of the view are this one cell.` : ""
    const order = found.contiguous
      ? "The view is contiguous."
      : `The view is not contiguous; view(-1) ${found.flat ? "works all the same" : "fails, reshape(-1) copies"}.`
    const sum = `${offset} + ${i} · ${stride[0]} + ${j} · ${stride[1]} = ${at}`
    write(said, `v[${i}, ${j}] is cell ${sum}.${twice} ${order}`)
    const words = table.map(line => line.join(" ")).join(", ")
    drawing.setAttribute(
      "aria-label",
      `Twelve cells of memory; the view shows the rows ${words}`,
    )
  }

  const tip = element(
    "p",
    { className: "moving-try" },
    "choose ",
    element("code", {}, "t.T"),
    " and move along its elements. Which way do you jump in the memory?",
  )
  box.setAttribute("aria-label", "Strides to change")
  box.append(tip, row(chosen), row(...fields), row(place), drawing, said, shown)
  fill(start)
  update()
}
