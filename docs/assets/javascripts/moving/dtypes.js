// Two dtypes meet: which one does the result have, and by which rule?

import { choice, element, program, row, status, write } from "./kit.js"
import { DTYPES, KINDS, PYTHON, kind, kindName, result, sum } from "./dtypes-math.js"

const RANKS = { 2: "a tensor", 1: "a tensor, no dims", 0: "a Python number" }
const NUMBERS = { bool: "True", int: "2", float: "1.5", complex: "2j" }

const made = ({ dtype, rank }) => {
  if (!rank) return NUMBERS[dtype]
  return rank === 2
    ? `torch.ones(3, dtype=torch.${dtype})`
    : `torch.tensor(1, dtype=torch.${dtype})`
}

// Why a sum has this dtype.
function why(a, b, dtype) {
  const [x, y] = [a, b].map(one => (one.rank ? one.dtype : PYTHON[one.dtype]))
  if (a.rank === b.rank) {
    if (x === y) return "both sides have it."
    if (dtype !== x && dtype !== y)
      return kind(x) === kind(y)
        ? "neither side can hold the numbers of both, so a third dtype does."
        : "it is complex, with the size that the floating-point side needs."
    if (kind(x) !== kind(y))
      return `${kindName(dtype)} is the higher kind, and wins whatever its size.`
    return "both are of one kind, and the wider one wins."
  }
  const [strong, weak] = a.rank > b.rank ? [a, b] : [b, a]
  const [first, second] = a.rank > b.rank ? ["a", "b"] : ["b", "a"]
  const own = strong.dtype
  const less = weak.rank ? "has no dimensions" : "is a Python number"
  if (dtype === own)
    return `${second} ${less}, so it counts less, and is of no higher kind: ${first} keeps its dtype.`
  if (kind(dtype) === 3 && kind(own) === 2)
    return `${second} makes it complex, and ${first} decides the size.`
  if (weak.rank)
    return `${second} ${less}, but is of a higher kind, so it brings its own dtype.`
  return `${second} ${less} of a higher kind, so it brings the default dtype of that kind.`
}

export function picture(box) {
  const a = { dtype: "int64", rank: 2 }
  const b = { dtype: "float16", rank: 2 }
  let operation = "+"
  const said = status()
  const shown = program()
  const chips = new Map()
  const ladder = element("div", { className: "moving-ladder", "aria-hidden": "true" })
  for (const [name, dtypes] of Object.entries(KINDS)) {
    const all = name === "complex" ? ["complex32", ...dtypes] : dtypes
    const made = all.map(dtype => {
      const sides = element("i")
      const chip = element("span", {}, dtype, sides)
      chips.set(dtype, { chip, sides })
      return chip
    })
    ladder.append(element("b", {}, name), element("div", {}, ...made))
  }

  // A select of the dtypes, or of Python's types.
  const dtypes = (side, name) => {
    const names = side.rank ? DTYPES : Object.keys(PYTHON)
    if (!names.includes(side.dtype)) side.dtype = names[side.rank ? 8 : 2]
    const options = names.map(one => [one, side.rank ? one : `${one}: ${NUMBERS[one]}`])
    return choice(`dtype of ${name}`, options, side.dtype, value => {
      side.dtype = value
      update()
    })
  }
  const chooser = (side, name, ranks) => {
    const place = element("span")
    const turn = rank => {
      side.rank = Number(rank)
      place.replaceChildren(dtypes(side, name))
      update()
    }
    const options = ranks.map(rank => [rank, RANKS[rank]])
    const kinds = choice(`${name} is`, options, 2, turn)
    place.append(dtypes(side, name))
    return row(kinds, place)
  }

  function update() {
    const found = result(operation, a, b)
    const computed = sum(a, b)
    for (const [dtype, { chip, sides }] of chips) {
      const here = [a, b].map(one => (one.rank ? one.dtype : PYTHON[one.dtype]) === dtype)
      write(sides, ["a", "b"].filter((_, i) => here[i]).join(" "))
      chip.classList.toggle("side", here.some(Boolean))
      chip.classList.toggle("result", found.dtype === dtype)
    }
    const lines = [`a = ${made(a)}`, `b = ${made(b)}`]
    if (operation === "+=") lines.push("a += b", "print(a.dtype)")
    else lines.push(`print((a ${operation} b).dtype)`)
    shown.show(lines.join("\n"), found.error ?? `torch.${found.dtype}`)
    write(said, tell(found, computed))
  }

  function tell({ dtype, error }, computed) {
    if (error?.includes("cast"))
      return `It fails: a + b is ${computed}, and a must stay ${a.dtype}, a lower kind. Write a = a + b.`
    if (error?.includes("shape"))
      return "It fails: the result has dimensions, and a has none to hold them."
    if (error)
      return "It fails on a CPU: few operations know complex32, two float16 side by side."
    if (operation === "==") return "A comparison is bool, whatever it compares."
    if (operation === "+=")
      return `a keeps its dtype: a + b is ${computed}${computed === dtype ? "" : `, and is converted to ${dtype}`}.`
    if (operation === "/" && dtype !== computed)
      return `a / b is ${dtype}: / makes whole numbers the default dtype.`
    return `a ${operation} b is ${dtype}: ${why(a, b, computed)}`
  }

  const operations = [
    ["+", "a + b"],
    ["/", "a / b"],
    ["==", "a == b"],
    ["+=", "a += b"],
  ]
  box.setAttribute("aria-label", "Dtypes to combine")
  box.append(
    element(
      "p",
      { className: "moving-try" },
      "choose ",
      element("code", {}, "a += b"),
      ". Why does it fail, although ",
      element("code", {}, "a + b"),
      " works?",
    ),
    row(
      choice("Operation", operations, operation, value => {
        operation = value
        update()
      }),
    ),
    chooser(a, "a", [2, 1]),
    chooser(b, "b", [2, 1, 0]),
    ladder,
    said,
    shown,
  )
  update()
}
