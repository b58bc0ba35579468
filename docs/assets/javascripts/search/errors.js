// Error texts, whatever numbers, names and paths stand in them: which entry has this one.

proven.errors = (() => {
  const TYPE = /^\W*(?:[a-z]\w*\.)*[A-Z]\w*(?:Error|Warning|Exception|Interrupt)\b:?\s*/
  // What differs from reader to reader; the order matters.
  const OWN = [
    [/(?:[a-z]:)?(?:[\\/~.]+[\w.\-<>]+){2,}[\\/]?(?::\d+)?/gi, " "], // a path
    [/https?:\S+/g, " "],
    [/\b(?:torch\.)?(?:cuda|cpu|mps|xpu|meta)(?::\d+)?\b/gi, " device "],
    [/\b(?:torch\.|c10::)?(?:(?:b?float|u?int|complex)\d+|float|double|half|long|int|short|byte|char|bool)(?:tensor)?\b/gi, " dtype "],
    [/\btorch\.size\b/gi, " "],
    [/0x[0-9a-f]+/gi, " "],
    [/\d+(?: ?x ?\d+)+/gi, " "], // a shape
    [/(?<![a-z_])[-+]?\d+(?:\.\d+)?(?:e[-+]?\d+)?/gi, " "],
  ]
  const WORD = /[a-z_]\w*/gi

  const wordsOf = text => {
    for (const [own, stands] of OWN) text = text.replace(own, stands)
    return (text.match(WORD) ?? []).map(word => word.toLowerCase()).filter(word => word.length > 1)
  }
  // Of `KeyError: 0`, only the type is left.
  const fixed = text => {
    const words = wordsOf(text.replace(TYPE, ""))
    return words.length ? words : wordsOf(text)
  }

  const plain = text => new Set((text.replace(TYPE, "").match(WORD) ?? []).map(word => word.toLowerCase()))
  // How many of the words of a pattern a text has, dtypes, devices and quoted names too.
  const literally = (has, pattern) => {
    let count = 0
    for (const word of pattern) if (has.has(word)) count++
    return count / (pattern.size + has.size - count || 1)
  }

  // `said`: for each entry the texts by which it is known. Returns what matches a text.
  const matcher = said => {
    const patterns = said.flatMap((texts, entry) =>
      texts.map(text => ({ entry, text, words: fixed(text), plain: plain(text) })).filter(({ words }) => words.length)
    )
    const having = new Map() // which patterns have a word, and how often
    for (const one of patterns)
      for (const word of one.words) {
        if (!having.has(word)) having.set(word, new Map())
        const times = having.get(word)
        times.set(one, (times.get(one) ?? 0) + 1)
      }
    const weigh = word => Math.log(1 + patterns.length / (having.get(word)?.size ?? 0.5))
    const sum = words => words.reduce((all, word) => all + weigh(word), 0)
    for (const one of patterns) one.weight = sum(one.words)

    // The weight and number of the words that two texts share in their order.
    const common = (a, b, weights) => {
      let [last, lastCount] = [new Float64Array(b.length + 1), new Uint8Array(b.length + 1)]
      let [row, count] = [new Float64Array(b.length + 1), new Uint8Array(b.length + 1)]
      for (const word of a) {
        for (let j = 1; j <= b.length; j++) {
          const take = word === b[j - 1] ? last[j - 1] + weights[j - 1] : -1
          row[j] = Math.max(take, last[j], row[j - 1])
          count[j] =
            row[j] === take ? lastCount[j - 1] + 1
            : row[j] === last[j] ? lastCount[j] : count[j - 1]
        }
        ;[last, row, lastCount, count] = [row, last, count, lastCount]
      }
      return [last[b.length], lastCount[b.length]]
    }

    // Of each entry that has something in common with the text, how much: 1 is all.
    return text => {
      const asked = fixed(text).slice(0, 80)
      const weights = asked.map(weigh)
      const weight = sum(asked)
      const written = plain(text)
      const most = new Map() // no more than this is shared, in whatever order
      for (const word of new Set(asked))
        for (const [one, times] of having.get(word) ?? [])
          most.set(one, (most.get(one) ?? 0) + times * weigh(word))
      const best = new Map()
      for (const [one, shares] of most) {
        const { entry, text, words, weight: own, plain: literal } = one
        if (shares < 0.6 * Math.min(own, weight)) continue
        const [shared, count] = common(words, asked, weights)
        const [ofText, ofPattern] = [shared / weight, shared / own]
        // A text may go on, and be cut off: one of the two has to be nearly whole.
        const whole = count === words.length && words.length === asked.length
        if (count < 3 && !whole) continue
        const [more, less] = [Math.max(ofText, ofPattern), Math.min(ofText, ofPattern)]
        const alike = 0.7 * more + 0.2 * less + 0.1 * literally(written, literal)
        if (alike > (best.get(entry)?.alike ?? 0)) best.set(entry, { entry, alike, count, text, ofPattern })
      }
      return [...best.values()].sort((a, b) => b.alike - a.alike)
    }
  }

  return { matcher, TYPE }
})()
