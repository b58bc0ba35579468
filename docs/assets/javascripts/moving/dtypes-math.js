// The dtype of a result, by PyTorch's rules of type promotion, or the error.

export const KINDS = {
  bool: ["bool"],
  integer: ["uint8", "int8", "int16", "int32", "int64"],
  "floating point": ["float16", "bfloat16", "float32", "float64"],
  complex: ["complex64", "complex128"],
}
const ORDER = Object.keys(KINDS)
export const DTYPES = Object.values(KINDS).flat()
// The dtype that a Python number brings where it is of a higher kind.
export const PYTHON = { bool: "bool", int: "int64", float: "float32", complex: "complex64" }
const COMPLEX = {
  float16: "complex32",
  bfloat16: "complex64",
  float32: "complex64",
  float64: "complex128",
}
// What the messages call them.
const OLDER = {
  bool: "Bool",
  uint8: "Byte",
  int8: "Char",
  int16: "Short",
  int32: "Int",
  int64: "Long",
  float16: "Half",
  bfloat16: "BFloat16",
  float32: "Float",
  float64: "Double",
  complex32: "ComplexHalf",
  complex64: "ComplexFloat",
  complex128: "ComplexDouble",
}

export const kind = dtype =>
  dtype === "complex32" ? 3 : ORDER.findIndex(name => KINDS[name].includes(dtype))
export const kindName = dtype => ORDER[kind(dtype)]

// Two tensors of the same standing.
export function promote(a, b) {
  if (a === b) return a
  const [low, high] = kind(a) <= kind(b) ? [a, b] : [b, a]
  if (kind(high) === 3 && kind(low) === 2) return low === "float64" ? "complex128" : high
  if (kind(low) !== kind(high)) return high
  const pair = [a, b].sort().join()
  if (pair === "bfloat16,float16") return "float32"
  if (low === "uint8" || high === "uint8")
    return a === "int8" || b === "int8" ? "int16" : a === "uint8" ? b : a
  const all = DTYPES
  return all[Math.max(all.indexOf(a), all.indexOf(b))]
}

// `strong` has dimensions, or more of them: then `weak` only counts by its kind.
function prevail(strong, weak) {
  if (kind(strong) === 3) return strong
  if (kind(strong) === 2) return kind(weak) === 3 ? COMPLEX[strong] : strong
  return kind(weak) > kind(strong) ? weak : strong
}

// A side is {dtype, rank}: 2 with dimensions, 1 without, 0 a Python number.
export function sum(a, b) {
  const [x, y] = [a, b].map(({ dtype, rank }) => (rank ? dtype : PYTHON[dtype]))
  if (a.rank === b.rank) return promote(x, y)
  return a.rank > b.rank ? prevail(x, y) : prevail(y, x)
}

export function result(operation, a, b) {
  const dtype = sum(a, b)
  if (operation === "==") return { dtype: "bool" }
  if (operation === "/") {
    if (dtype === "complex32")
      return { error: `NotImplementedError: "div_cpu" not implemented for 'ComplexHalf'` }
    return { dtype: kind(dtype) < 2 ? "float32" : dtype }
  }
  if (operation === "+=") {
    if (a.rank < 2 && b.rank === 2) {
      const what = "output with shape [] doesn't match the broadcast shape [3]"
      return { error: `RuntimeError: ${what}` }
    }
    const [from, to] = [kind(dtype), kind(a.dtype)]
    if (from > to && !(from === 1 && to === 1)) {
      const what = `result type ${OLDER[dtype]} can't be cast to the desired output type ${OLDER[a.dtype]}`
      return { error: `RuntimeError: ${what}` }
    }
    return { dtype: a.dtype }
  }
  return { dtype }
}
