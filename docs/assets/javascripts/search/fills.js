// A cause with what stands in a reader's message in place of what stands in ours.
// harness/site/fills.py checks each place.
self.proven ??= {}

proven.fills = (() => {
  const DTYPES = {
    byte: "uint8", char: "int8", short: "int16", int: "int32", long: "int64", "long int": "int64",
    half: "float16", float: "float32", double: "float64", bool: "bool", bfloat16: "bfloat16",
    complexfloat: "complex64", complexdouble: "complex128",
  }
  const escaped = text => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&").replace("…", ".*?")
  // A number; sizes in brackets; sizes with x between them; a name or an expression.
  const FORMS = [
    [/^-?\d+(?:\.\d+)?$/, "-?\\d+(?:\\.\\d+)?"], [/^[[(][-\d, ]*[\])]$/, "[\\[(][-\\d, ]*[\\])]"],
    [/^\d+(?: ?x ?\d+)+$/, "\\d+(?: ?x ?\\d+)*"], [/./, "[^\\s'\"(),;!]+(?: int)?|[^'\"]+?"],
  ]
  // What has the place of a value of ours.
  const found = (message, ours, pattern) => {
    const [before, after] = pattern.replace(/^~/, "").split("#").map(escaped)
    const [, value] = FORMS.find(([form]) => form.test(ours))
    const theirs = new RegExp(`${before}(${value})${after || (/[)\]]$/.test(ours) ? "" : "(?![\\w.])")}`).exec(message)?.[1]
    return pattern[0] === "~" ? DTYPES[theirs?.toLowerCase().replace("c10::", "")] : theirs
  }

  // `places`: a text of ours, how many of it stand before it, and where a message has
  // the reader's. All of them, or none.
  return (cause, message, places) => {
    const theirs = places.map(([ours, , pattern]) => found(message, ours, pattern))
    if (theirs.includes(undefined)) return cause
    let told = cause
    const jobs = places.map(([ours, nth], at) => {
      let from = -1
      for (let time = 0; time <= nth; time++) from = cause.indexOf(ours, from + 1)
      return [from, ours, theirs[at]]
    })
    for (const [from, ours, other] of jobs.sort((a, b) => b[0] - a[0]))
      told = told.slice(0, from) + other + told.slice(from + ours.length)
    return told
  }
})()
