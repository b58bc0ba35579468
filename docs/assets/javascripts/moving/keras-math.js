// Keras's optimizers and layers in PyTorch: names, and defaults that differ.

// Of each, PyTorch's call, and its parameters: [Keras's name, PyTorch's, the two defaults].
// A default is a number, or Python as it is written. Without a name in PyTorch, no argument
// sets what Keras's does: then its default stands there in words.
const WEIGHTS = [
  ["kernel_initializer", "", '"glorot_uniform"', "uniform"],
  ["bias_initializer", "", '"zeros"', "uniform"],
]
const CHANNELS = ["data_format", "", '"channels_last"', "channels first"]
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
  "layers.Dense": ["nn.Linear", ["use_bias", "bias", "True", "True"], ...WEIGHTS],
  "layers.Conv2D": [
    "nn.Conv2d",
    ["padding", "padding", '"valid"', "0"],
    ["dilation_rate", "dilation", "(1, 1)", "1"],
    ["use_bias", "bias", "True", "True"],
    CHANNELS,
    ...WEIGHTS,
  ],
  "layers.MaxPooling2D": [
    "nn.MaxPool2d",
    ["pool_size", "kernel_size", "(2, 2)", "none"],
    ["strides", "stride", "None", "None"],
    CHANNELS,
  ],
  "layers.LSTM": [
    "nn.LSTM",
    ["use_bias", "bias", "True", "True"],
    ["return_sequences", "", "False", "all outputs"],
    ["recurrent_initializer", "", '"orthogonal"', "uniform"],
    ["unit_forget_bias", "", "True", "uniform"],
    ...WEIGHTS,
  ],
  "layers.Embedding": ["nn.Embedding", ["embeddings_initializer", "", '"uniform"', "normal"]],
  "layers.Dropout": ["nn.Dropout", ["rate", "p", "none", "0.5"]],
}
// What Keras needs first, and what PyTorch does.
const FIRST = {
  optim: ["", "model.parameters()"],
  "nn.BatchNorm1d": ["", "8"],
  "nn.LayerNorm": ["", "8"],
  "nn.Linear": ["4", "8, 4"],
  "nn.Conv2d": ["4, 3", "8, 4, 3"],
  "nn.LSTM": ["4", "8, 4, batch_first=True"],
  "nn.Embedding": ["10, 4", "10, 4"],
  "nn.Dropout": ["0.3", "0.3"],
}
// What means the same in PyTorch.
const SAME = { '"valid"': "0", "(1, 1)": "1", "(2, 2)": "2" }

// A number as Python writes it.
export function python(value) {
  if (typeof value === "string") return value
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
    : (SAME[value] ?? value)

// Keras's line with what is given, PyTorch's that sets the same, and what would differ
// if only the names were translated.
export function translate(name, given) {
  const [call, ...parameters] = CALLS[name]
  const first = FIRST[call] ?? FIRST[call.split(".")[0]] ?? []
  const [theirs, ours] = [0, 1].map(which => (first[which] ? [first[which]] : []))
  const rows = parameters.map(([its, own, itsDefault, ownDefault]) => {
    const value = given[its] ?? itsDefault
    if (its in given) theirs.push(`${its}=${python(value)}`)
    const same = converted(call, own, value)
    if (own && same !== ownDefault && same !== "none") ours.push(`${own}=${python(same)}`)
    const differs = converted(call, own, itsDefault) !== ownDefault
    return { its, own, itsDefault, ownDefault, differs, given: its in given }
  })
  return {
    keras: `keras.${name}(${theirs.join(", ")})`,
    torch: `${call.startsWith("nn") ? "" : "torch."}${call}(${ours.join(", ")})`,
    rows,
  }
}
