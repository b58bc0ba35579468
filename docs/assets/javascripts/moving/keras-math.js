// Keras's optimizers and layers in PyTorch: names, and defaults that differ.

// Of each, PyTorch's call, and its parameters: [Keras's name, PyTorch's, the two defaults].
export const CALLS = {
  "optimizers.SGD": [
    "optim.SGD",
    ["learning_rate", "lr", 0.01, 0.001],
    ["momentum", "momentum", 0, 0],
  ],
  "optimizers.RMSprop": [
    "optim.RMSprop",
    ["learning_rate", "lr", 0.001, 0.01],
    ["rho", "alpha", 0.9, 0.99],
    ["momentum", "momentum", 0, 0],
    ["epsilon", "eps", 1e-7, 1e-8],
  ],
  "optimizers.Adam": [
    "optim.Adam",
    ["learning_rate", "lr", 0.001, 0.001],
    ["epsilon", "eps", 1e-7, 1e-8],
  ],
  "optimizers.AdamW": [
    "optim.AdamW",
    ["learning_rate", "lr", 0.001, 0.001],
    ["weight_decay", "weight_decay", 0.004, 0.01],
    ["epsilon", "eps", 1e-7, 1e-8],
  ],
  "optimizers.Nadam": [
    "optim.NAdam",
    ["learning_rate", "lr", 0.001, 0.002],
    ["epsilon", "eps", 1e-7, 1e-8],
  ],
  "optimizers.Adamax": [
    "optim.Adamax",
    ["learning_rate", "lr", 0.001, 0.002],
    ["epsilon", "eps", 1e-7, 1e-8],
  ],
  "optimizers.Adagrad": [
    "optim.Adagrad",
    ["learning_rate", "lr", 0.001, 0.01],
    ["initial_accumulator_value", "initial_accumulator_value", 0.1, 0],
    ["epsilon", "eps", 1e-7, 1e-10],
  ],
  "optimizers.Adadelta": [
    "optim.Adadelta",
    ["learning_rate", "lr", 0.001, 1],
    ["rho", "rho", 0.95, 0.9],
    ["epsilon", "eps", 1e-7, 1e-6],
  ],
  "layers.BatchNormalization": [
    "nn.BatchNorm1d",
    ["momentum", "momentum", 0.99, 0.1],
    ["epsilon", "eps", 1e-3, 1e-5],
  ],
  "layers.LayerNormalization": ["nn.LayerNorm", ["epsilon", "eps", 1e-3, 1e-5]],
  "layers.LeakyReLU": ["nn.LeakyReLU", ["negative_slope", "negative_slope", 0.3, 0.01]],
  "layers.ELU": ["nn.ELU", ["alpha", "alpha", 1, 1]],
}
// What PyTorch needs first, and Keras does not.
const FIRST = {
  optim: "model.parameters()",
  "nn.BatchNorm1d": "8",
  "nn.LayerNorm": "8",
}

// A number as Python writes it.
export function python(value) {
  if (value && Math.abs(value) < 1e-4) {
    const [digits, power] = value.toExponential().split("e-")
    return `${digits}e-${power.padStart(2, "0")}`
  }
  return Number.isInteger(value) ? `${value}.0` : String(value)
}

// Batch norm's momentum is the share of the old mean in Keras, of the new in PyTorch.
const converted = (call, name, value) =>
  call === "nn.BatchNorm1d" && name === "momentum"
    ? Number((1 - value).toPrecision(12))
    : value

// Keras's line with what is given, PyTorch's that sets the same, and what would differ
// if only the names were translated.
export function translate(name, given) {
  const [call, ...parameters] = CALLS[name]
  const theirs = []
  const first = FIRST[call] ?? FIRST[call.split(".")[0]]
  const ours = first ? [first] : []
  const rows = parameters.map(([its, own, itsDefault, ownDefault]) => {
    const value = given[its] ?? itsDefault
    if (its in given) theirs.push(`${its}=${python(value)}`)
    const same = converted(call, own, value)
    if (same !== ownDefault) ours.push(`${own}=${python(same)}`)
    const differs = converted(call, own, itsDefault) !== ownDefault
    return { its, own, itsDefault, ownDefault, differs, given: its in given }
  })
  return {
    keras: `keras.${name}(${theirs.join(", ")})`,
    torch: `${call.startsWith("nn") ? "" : "torch."}${call}(${ours.join(", ")})`,
    rows,
  }
}
