// Which entries have the error of a traceback, with the reader's sizes in their cause.

proven.recognise = (docs, match) => {
  const { errors, generic, reading } = proven
  const SHOWN = 3
  const ALIKE = 0.72 // from where on an entry may have the error
  const SURE = 0.92 // and a line that is none of the errors
  const WHOLE = 6 // words of a text that stands whole in a line that goes on
  const NEAR = 0.12 // to the best, of another entry that may be meant
  const OTHER_TYPE = 0.06
  const OTHER_DEVICE = 0.2
  const DEVICE = /\b(?:cuda|cpu|mps|xpu|meta)\b(?!\()/g
  const LINES = 400

  const bare = text => text.replace(errors.TYPE, "")
  const type = text => errors.TYPE.exec(text)?.[0].replace(/^.*\.|\W/g, "") ?? ""
  // Whether two texts name devices, and none of them both.
  const apart = (one, other) => {
    const [some, others] = [one, other].map(text => text.match(DEVICE) ?? [])
    return some.length > 0 && others.length > 0 && !some.some(name => others.includes(name))
  }
  const forms = new Map() // by text of an entry, where it has one
  const generics = [] // the texts that have
  docs.forEach(({ said, title }, entry) => {
    for (const text of said.length ? [...said, title] : []) {
      const form = generic.form(bare(text))
      forms.set(text, form)
      if (form) generics.push({ entry, text })
    }
  })

  const matches = ({ first, message }, { framed, ofTorch }) => {
    const [asked, its] = [generic.form(bare(first)), type(first)]
    const best = new Map()
    const texts = first === message ? [first] : [first, message]
    for (const { entry, alike, text } of asked ? generics : texts.flatMap(match)) {
      const named = generic.alike(asked, forms.get(text), ofTorch || !framed)
      const other = its && type(text) && its !== type(text) ? OTHER_TYPE : 0
      const elsewhere = apart(first, text) ? OTHER_DEVICE : 0
      const most = (named ?? alike) - other - elsewhere
      if (most >= ALIKE && most > (best.get(entry)?.alike ?? 0)) best.set(entry, { entry, alike: most })
    }
    const found = [...best.values()].sort((a, b) => b.alike - a.alike)
    return found.filter(({ alike }) => alike > found[0].alike - NEAR)
  }

  // A cause with what stands in a reader's message in place of what stands in ours.
  // harness/site/fills.py checks each place, by the same DTYPES.
  const fills = (() => {
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

  const told = (id, message) => {
    const { address, anchor, title, where, said, text, fills: places } = docs[id]
    const [cause, ...lines] = text.split("\n")
    const fix = lines.find(line => line.startsWith("Fix:")) ?? ""
    return {
      address, anchor, title, where, said: said[0], fix: fix.slice("Fix: ".length),
      cause: places ? fills(cause, message, places) : cause,
    }
  }

  return traceback => {
    const read = reading.read(traceback)
    // The last error of a chain may be of the reader's own making.
    for (const error of read.errors) {
      const found = matches(error, read)
      if (found.length)
        return { ...error, entries: found.slice(0, SHOWN).map(({ entry }) => told(entry, error.message)) }
    }
    // A log may have it in a line that begins as no error does.
    for (const line of read.lines.slice(-LINES).reverse()) {
      if (!/\w \w+ \w/.test(line) || line.startsWith("    ")) continue
      const first = line.trim()
      const [best] = match(first)
      const named = best && generic.alike(generic.form(first), forms.get(best.text), false)
      if (!best || named === 0 || best.count < 4) continue
      if (best.alike >= SURE || (best.ofPattern > 0.99 && best.count >= WHOLE))
        return { first, own: null, entries: [told(best.entry, line)] }
    }
    const { first, own } = read.errors[0] ?? { first: "", own: null }
    return { first, own, entries: [] }
  }
}
