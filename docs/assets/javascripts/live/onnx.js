// Reads an ONNX file: its nodes, its weights, and the names of inputs and outputs.
//
// The format is Protocol Buffers: pairs of a field's number and a value. The numbers
// below are those of onnx.proto.

const NO_FILE = "this is no whole ONNX file"

const text = bytes => new TextDecoder().decode(bytes)
const string = [text]
const strings = [text, "all"]
const number = [value => value]

const ATTRIBUTE = {
  1: ["name", ...string],
  2: ["float", bytes => view(bytes).getFloat32(0, true)],
  3: ["int", ...number],
  4: ["string", ...string],
  5: ["tensor", bytes => tensor(bytes)],
  7: ["floats", bytes => floats(bytes), "all"],
  8: ["ints", value => integers(value), "all"],
}
const NODE = {
  1: ["inputs", ...strings],
  2: ["outputs", ...strings],
  3: ["name", ...string],
  4: ["type", ...string],
  5: ["attributes", bytes => message(bytes, ATTRIBUTE), "all"],
}
const TENSOR = {
  1: ["dims", value => integers(value), "all"],
  2: ["type", ...number],
  8: ["name", ...string],
  9: ["raw", bytes => bytes],
}
const VALUE = { 1: ["name", ...string] }
const GRAPH = {
  1: ["nodes", bytes => message(bytes, NODE), "all"],
  5: ["weights", bytes => tensor(bytes), "all"],
  11: ["inputs", bytes => message(bytes, VALUE).name, "all"],
  12: ["outputs", bytes => message(bytes, VALUE).name, "all"],
}
const MODEL = { 7: ["graph", bytes => message(bytes, GRAPH)] }

// The graph of a model: {nodes, weights, inputs, outputs}.
export function read(bytes) {
  const { graph } = message(bytes, MODEL)
  if (!graph) throw new Error(NO_FILE)
  for (const node of graph.nodes) {
    const pairs = node.attributes.map(one => [one.name, value(one)])
    node.attributes = Object.fromEntries(pairs)
  }
  graph.weights = Object.fromEntries(graph.weights.map(one => [one.name, one]))
  return graph
}

function value(attribute) {
  const { int, float, string, tensor, ints, floats } = attribute
  return int ?? float ?? string ?? tensor ?? (ints.length ? ints.flat() : floats.flat())
}

const view = bytes => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)

function message(bytes, fields) {
  const found = {}
  for (const [name, , all] of Object.values(fields)) if (all) found[name] = []
  for (const [number, raw] of pairs(bytes)) {
    const [name, read, all] = fields[number] ?? []
    if (all) found[name].push(read(raw))
    else if (name) found[name] = read(raw)
  }
  return found
}

// The fields of a message: whole numbers as such, all others as their bytes.
function* pairs(bytes) {
  const at = { place: 0 }
  const take = length => {
    // It may be negative, and the file may have been cut.
    if (length < 0 || length > bytes.length - at.place) throw new Error(NO_FILE)
    return bytes.subarray(at.place, (at.place += length))
  }
  while (at.place < bytes.length) {
    const key = varint(bytes, at)
    const kind = key % 8
    if (![0, 1, 2, 5].includes(kind)) throw new Error(NO_FILE)
    if (kind === 0) yield [key >> 3, varint(bytes, at)]
    else yield [key >> 3, take(kind === 1 ? 8 : kind === 5 ? 4 : varint(bytes, at))]
  }
}

// Seven bits a byte, the lowest first; negative numbers have 64 bits.
function varint(bytes, at) {
  let value = 0n
  for (let shift = 0n; ; shift += 7n) {
    if (at.place === bytes.length) throw new Error(NO_FILE)
    const byte = bytes[at.place++]
    value |= BigInt(byte & 127) << shift
    if (!(byte & 128)) return Number(BigInt.asIntN(64, value))
  }
}

// Repeated numbers come packed in one field, or one in a field.
function integers(raw) {
  if (typeof raw === "number") return raw
  const found = []
  for (const at = { place: 0 }; at.place < raw.length;) found.push(varint(raw, at))
  return found
}

function floats(raw) {
  const of = view(raw)
  return Array.from({ length: raw.length / 4 }, (_, i) => of.getFloat32(4 * i, true))
}

const KINDS = {
  1: (of, i) => of.getFloat32(4 * i, true),
  7: (of, i) => Number(of.getBigInt64(8 * i, true)),
  10: (of, i) => half(of.getUint16(2 * i, true)),
}

function tensor(bytes) {
  const { name, dims, type, raw } = message(bytes, TENSOR)
  const shape = dims.flat()
  const length = shape.reduce((a, b) => a * b, 1)
  if (!(type in KINDS)) throw new Error(`weights of type ${type} are not read here`)
  const of = view(raw)
  const data = Float32Array.from({ length }, (_, i) => KINDS[type](of, i))
  return { name, dims: shape, data }
}

// A float of 16 bits: sign, 5 bits of exponent, 10 of fraction.
export function half(bits) {
  const sign = bits & 0x8000 ? -1 : 1
  const exponent = (bits >> 10) & 31
  const fraction = bits & 1023
  if (exponent === 31) return fraction ? NaN : sign * Infinity
  if (exponent === 0) return sign * fraction * 2 ** -24
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15)
}
