// A line of Keras, the same in PyTorch, and the defaults that differ.

import { choice, element, row, status, write } from "./kit.js"
import { CALLS, python, translate } from "./keras-math.js"

const VALUES = {
  learning_rate: [1, 0.1, 0.01, 0.001, 0.0001],
  epsilon: [1e-3, 1e-5, 1e-7, 1e-8],
  momentum: [0, 0.9, 0.99],
  rho: [0.9, 0.95, 0.99],
  weight_decay: [0, 0.004, 0.01, 0.1],
  initial_accumulator_value: [0, 0.1],
  negative_slope: [0.01, 0.1, 0.3],
  alpha: [0.5, 1],
  use_bias: ["True", "False"],
  padding: ['"valid"', '"same"'],
  dilation_rate: ["1", "2"],
  pool_size: ["2", "3"],
  strides: ["1", "2", "3"],
}
const LEFT = "default"
const NOTES = {
  "optimizers.Adam":
    "Keras adds epsilon at another place, so steps still differ where gradients are tiny.",
  "optimizers.RMSprop": "Keras adds epsilon below the root, PyTorch after it.",
  "layers.BatchNormalization":
    "Momentum is the share of the old mean in Keras, and of the new one in PyTorch.",
  "layers.Dense": "PyTorch's weight is Keras's kernel, transposed.",
  "layers.Conv2D":
    'PyTorch takes padding="same" at a stride of 1 only. Its weight is Keras\'s kernel with the last two axes first.',
  "layers.MaxPooling2D": "Both move by the size of the pool, where strides is not given.",
  "layers.LSTM":
    "PyTorch has two biases and adds them: put Keras's into one, and zeros into the other. Without batch_first=True, it takes time as the first axis.",
  "layers.Embedding":
    "Keras's numbers are at most 0.05 at the start, and those of PyTorch have a standard deviation of 1.",
  "layers.Dropout": "Both divide what they keep by 1 - rate, in training alone.",
}

const all = words =>
  words.length > 1 ? `${words.slice(0, -1).join(", ")} and ${words.at(-1)}` : words[0]

export function picture(box) {
  let name = "optimizers.Adam"
  let given = {}
  const fields = row()
  const said = status()
  const code = ["keras", "torch"].map(which => {
    const text = element("code")
    return { text, box: element("pre", { "aria-label": which }, text) }
  })
  const body = element("tbody")
  const head = ["parameter", "Keras", "PyTorch"].map(one =>
    element("th", { scope: "col" }, one),
  )
  const table = element("table", {}, element("thead", {}, element("tr", {}, ...head)), body)

  function choose(value) {
    name = value
    given = {}
    const set = CALLS[name].slice(1).filter(([its]) => VALUES[its])
    const made = set.map(([its, , itsDefault]) => {
      const options = [[LEFT, "not given"], ...VALUES[its].map(one => [one, python(one)])]
      return choice(its, options, LEFT, value => {
        if (value === LEFT) delete given[its]
        else given[its] = typeof itsDefault === "number" ? Number(value) : value
        update()
      })
    })
    fields.replaceChildren(...made)
    update()
  }

  function update() {
    const { keras, torch, rows } = translate(name, given)
    write(code[0].text, keras)
    write(code[1].text, torch)
    body.replaceChildren(
      ...rows.map(({ its, own, itsDefault, ownDefault, differs }) => {
        const names = !own || its === own ? its : `${its} → ${own}`
        const cells = [names, python(itsDefault), python(ownDefault)].map(one =>
          element("td", {}, element("code", {}, one.replaceAll("_", "_\u200b"))),
        )
        return element("tr", { className: differs ? "apart" : "" }, ...cells)
      }),
    )
    const silent = rows.filter(one => one.own && one.differs && !one.given)
    const words = silent.map(
      ({ its, itsDefault, ownDefault }) =>
        `${its} (${python(itsDefault)} in Keras, ${python(ownDefault)} in PyTorch)`,
    )
    const lacking = rows.filter(one => !one.own).map(one => one.its)
    const differ = words.length === 1 ? "differs" : "differ"
    const told = [
      words.length && `If you translate the name alone, ${all(words)} ${differ}.`,
      lacking.length && `PyTorch has no argument for ${all(lacking)}: see the table.`,
    ].filter(Boolean)
    if (!told.length) told.push("Nothing that you left out differs.")
    write(said, [...told, NOTES[name]].filter(Boolean).join(" "))
  }

  const options = Object.keys(CALLS).map(one => [one, one])
  box.setAttribute("aria-label", "Keras and PyTorch, line by line")
  box.append(
    element(
      "p",
      { className: "moving-try" },
      "choose ",
      element("code", {}, "Adadelta"),
      ". By how much would its learning rate differ?",
    ),
    row(choice("Keras", options, name, choose)),
    fields,
    element("p", { className: "moving-label" }, "You have this line in Keras:"),
    code[0].box,
    element("p", { className: "moving-label" }, "This one sets the same in PyTorch:"),
    code[1].box,
    said,
    table,
  )
  choose(name)
}
