// Words as the search counts them: the parts of a name and the whole of it, the stems of
// English words, British or American. The pages and the questions go the same way.
self.proven ??= {}

proven.words = (() => {
  const STOP = new Set(
    (
      "a about after again all also am an and any are as at be because been before " +
      "but by can cannot could did do does for from get gets give given gives going " +
      "had has have help her here how i if in into is it its itself just know let " +
      "like make makes me more most my need needed needs no not of on one only or " +
      "other our out over put said say says should since so some someone something " +
      "still such than that the their them then there these they thing things this " +
      "those to too up use used uses using versus very vs want was way we were what " +
      "when where which while who why will with without would you your"
    ).split(" ")
  )
  // A name such as torch.nn.Linear or x_y, or in-place; letters with digits; Chinese.
  const WORD = /[a-z_][\w']*(?:[.-][a-z_]\w*)*|\d+\.\d+|\d+[a-z]\w*|[\u3400-\u9fff]+/gi
  const CAMEL = /(?<=[a-z\d]{2})(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|[_-]+|(?<=[a-z]{3})(?=\d)/
  const SPELLINGS = [
    [/([a-z]{3})is(e|ed|es|er|ers|ing|ation|ations)$/, "$1iz$2"],
    [/([a-z]{2})our(s|ed|ing|al)?$/, "$1or$2"],
    [/([aeiouy][a-z]*[^aeiou][ae])ll(ed|ing|er)$/, "$1l$2"],
    [/([a-z]{3}[^p])ly$/, "$1"], // weirdly, not multiply
    [/^centre(s|d)?$/, "center$1"],
    [/^gray/, "grey"],
  ]
  // Words of one meaning that no stem has in common.
  const ALIKE = {
    froze: "freez", frozen: "freez", chose: "choos", chosen: "choos",
    ran: "run", kept: "keep", built: "build", lost: "lose", continue: "resum",
    faster: "fast", quick: "fast", slower: "slow", smaller: "small",
    worst: "bad", indices: "index", matrices: "matrix",
  }

  const stems = new Map()
  const stem = word => {
    if (!stems.has(word)) {
      let plain = word.replace(/'s?$|'/g, "")
      for (const [from, to] of SPELLINGS) plain = plain.replace(from, to)
      stems.set(word, ALIKE[plain] ?? Stemmer.stemmer(plain))
    }
    return stems.get(word)
  }

  const names = new Map() // the parts of names that were written in one word
  const partsOf = word => {
    if (word >= "\u3400") {
      const pairs = [...word].slice(1).map((letter, at) => word[at] + letter)
      return [...new Set([word, ...pairs])]
    }
    const found = new Set()
    const dotted = word.split(".")
    for (const name of new Set([...dotted, dotted.slice(-2).join("")])) {
      const parts = name.split(CAMEL).filter(Boolean)
      const terms = parts.map(part => stem(part.toLowerCase()))
      if (parts.length > 1) {
        const whole = stem(parts.join("").toLowerCase())
        found.add(whole)
        if (!names.has(whole)) names.set(whole, terms.filter(term => term.length > 1))
      }
      parts.forEach((part, at) => parts.length > 1 && isStop(part) ? 0 : found.add(terms[at]))
    }
    return [...found].filter(term => term.length > 1)
  }
  // One word of a text: all the terms that it is found by, the fullest first.
  const all = new Map()
  const termsOf = word => {
    let terms = all.get(word)
    if (!terms) all.set(word, (terms = partsOf(word)))
    return terms
  }

  const split = text => (text.replace(/[’‘]/g, "'").match(WORD) ?? [])
  const isStop = word => STOP.has(word) || (word.length < 8 && STOP.has(word.toLowerCase()))

  const terms = text => {
    const found = new Set()
    for (const word of split(text)) if (!isStop(word)) for (const term of termsOf(word)) found.add(term)
    return [...found]
  }

  return { WORD, split, isStop, stem, termsOf, terms, names }
})()
