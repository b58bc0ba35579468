// The GPT of lab/train/language_model.py: the same steps, one place after the other.

import { softmax } from "./layers.js"
import { half } from "./onnx.js"

// A file of safetensors: the length of its head, the head as JSON, then the numbers.
export function read(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const first = 8 + Number(view.getBigUint64(0, true))
  const head = JSON.parse(new TextDecoder().decode(bytes.subarray(8, first)))
  const { __metadata__: about, ...tensors } = head
  const weights = {}
  for (const [name, { dtype, shape, data_offsets }] of Object.entries(tensors)) {
    if (dtype !== "F16") throw new Error(`weights of type ${dtype} are not read here`)
    const [from, to] = data_offsets
    const number = (_, i) => half(view.getUint16(first + from + 2 * i, true))
    weights[name] = { shape, data: Float32Array.from({ length: (to - from) / 2 }, number) }
  }
  return { heads: Number(about.heads), merges: JSON.parse(about.merges), weights }
}

const add = (a, b) => a.map((value, i) => value + b[i])

function dot(a, b, at = 0) {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += a[i] * b[at + i]
  return sum
}

// nn.LayerNorm: mean 0 and variance 1, then times weight plus bias.
function norm(x, weight, bias) {
  const mean = x.reduce((a, b) => a + b) / x.length
  const variance = x.reduce((sum, value) => sum + (value - mean) ** 2, 0) / x.length
  const scale = 1 / Math.sqrt(variance + 1e-5)
  return x.map((value, i) => (value - mean) * scale * weight.data[i] + bias.data[i])
}

// nn.Linear: each row of the weight times x.
const linear = (x, weight, bias) =>
  bias.data.map((value, row) => value + dot(x, weight.data, row * x.length))

const gelu = x =>
  0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3)))

// The logits of the next id: Float32Array of the vocabulary's length.
export function logits({ heads, weights }, ids) {
  const of = name => [weights[`${name}.weight`], weights[`${name}.bias`]]
  const row = ({ shape, data }, i) => data.subarray(i * shape[1], (i + 1) * shape[1])
  const tokens = weights["token.weight"]
  const places = weights["position.weight"]
  const context = places.shape[0]
  let xs = ids.slice(-context).map((id, i) => add(row(tokens, id), row(places, i)))
  for (let block = 0; `blocks.${block}.up.weight` in weights; block++) {
    const part = name => of(`blocks.${block}.${name}`)
    const parts = xs.map(x => linear(norm(x, ...part("norm_1")), ...part("attention.qkv")))
    const seen = attention(parts, heads)
    xs = xs.map((x, i) => add(x, linear(seen[i], ...part("attention.out"))))
    xs = xs.map(x => {
      const inner = linear(norm(x, ...part("norm_2")), ...part("up")).map(gelu)
      return add(x, linear(inner, ...part("down")))
    })
  }
  const last = norm(xs.at(-1), ...of("norm"))
  return Float32Array.from({ length: tokens.shape[0] }, (_, id) =>
    dot(last, tokens.data, id * last.length),
  )
}

// Each place mixes the values of itself and of earlier places, head by head.
function attention(parts, heads) {
  const width = parts[0].length / 3
  const size = width / heads
  return parts.map((own, place) => {
    const out = new Float32Array(width)
    for (let from = 0; from < width; from += size) {
      const query = own.subarray(from, from + size)
      const earlier = parts.slice(0, place + 1)
      const shares = softmax(
        earlier.map(other => dot(query, other, width + from) / Math.sqrt(size)),
      )
      earlier.forEach((other, i) => {
        for (let j = from; j < from + size; j++) out[j] += shares[i] * other[2 * width + j]
      })
    }
    return out
  })
}

// Probabilities with a temperature, 0 for the best alone, of the k most probable.
export function choices(logits, temperature, k) {
  const order = Array.from(logits.keys()).sort((a, b) => logits[b] - logits[a])
  const kept = order.slice(0, temperature ? k : 1)
  const shares = softmax(kept.map(id => logits[id] / (temperature || 1)))
  return kept.map((id, i) => ({ id, share: shares[i] }))
}

export function draw(found, random = Math.random) {
  let left = random()
  return (found.find(({ share }) => (left -= share) < 0) ?? found[0]).id
}
