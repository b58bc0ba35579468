// Starts axe on what a selector names, and leaves a promise of what it finds serious.
({ within, onlyColours, known }) => {
  // What the contrast of a text depends on: its own style, and what is painted around.
  const TEXT = [
    "color", "fontSize", "fontWeight", "textShadow", "webkitTextFillColor",
    "webkitTextStrokeColor", "webkitTextStrokeWidth",
  ]
  const PAINT = {
    backgroundColor: "rgba(0, 0, 0, 0)", backgroundImage: "none", opacity: "1",
    mixBlendMode: "normal", filter: "none", position: "static",
  }
  // What tells a link from the text that it stands in.
  const LINK = [
    "fontFamily", "fontStyle", "textDecorationLine", "textDecorationStyle",
    "borderTopWidth", "borderBottomWidth", "borderTopColor", "borderBottomColor",
    "outlineStyle", "display",
  ]

  const hash = text => {
    let [a, b] = [0xdeadbeef, 0x41c6ce57]
    for (let at = 0; at < text.length; at++) {
      a = Math.imul(a ^ text.charCodeAt(at), 2654435761)
      b = Math.imul(b ^ text.charCodeAt(at), 1597334677)
    }
    a = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909)
    b = Math.imul(b ^ (b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909)
    return 4294967296 * (2097151 & b) + (a >>> 0)
  }

  const once = compute => {
    const known = new Map()
    return element => {
      if (!known.has(element)) known.set(element, compute(element))
      return known.get(element)
    }
  }
  // All that is painted behind or over an element, as a number.
  const ground = once(element => {
    if (!element) return 0
    const [style, around] = [getComputedStyle(element), ground(element.parentElement)]
    const own = Object.keys(PAINT).map(property => style[property])
    const plain = Object.values(PAINT).every((value, at) => value === own[at])
    return plain ? around : hash([around, ...own].join("|"))
  })
  // Likewise with its text; and, for links, with all that they stand in.
  const look = once(element => {
    const style = getComputedStyle(element)
    return hash([ground(element), ...TEXT.map(property => style[property])].join("|"))
  })
  const place = once(element => {
    if (!element) return 0
    const names = [place(element.parentElement), element.localName, element.className]
    const style = getComputedStyle(element)
    const values = LINK.map(property => style[property])
    return hash([...names, look(element), ...values].join("|"))
  })

  const hasText = element =>
    (element.matches("input, select, textarea") ||
      [...element.childNodes].some(
        node => node.nodeType === Node.TEXT_NODE && node.nodeValue.trim()
      )) &&
    element.checkVisibility({ visibilityProperty: true, opacityProperty: true })

  // Reading colours is most of axe's work. What looks like an element that passed, here
  // or on an earlier page, would pass too, and is not read again.
  const remember = (id, look, checks, relevant) => {
    const passed = new Set(known[id])
    const rule = axe._audit.rules.find(one => one.id === id)
    const undo = []
    const wrap = (object, name, wrapped) => {
      const original = object[name]
      object[name] = wrapped(original)
      undo.push(() => (object[name] = original))
    }
    wrap(rule, "matches", matches => (node, ...rest) =>
      relevant(node) && !passed.has(look(node)) && matches.call(rule, node, ...rest)
    )
    for (const [name, certain] of Object.entries(checks))
      wrap(axe._audit.checks[name], "evaluate", evaluate =>
        function (node, ...rest) {
          if (passed.has(look(node))) return true
          let data
          const tell = this.data
          this.data = given => tell.call(this, (data = given))
          const answer = evaluate.call(this, node, ...rest)
          if (answer === true && certain(data)) passed.add(look(node))
          return answer
        }
      )
    return { passed, forget: () => undo.forEach(one => one()) }
  }

  const run = async () => {
    // It passes what it cannot see, too, and then has no ratio.
    const measured = data => data?.contrastRatio
    const always = () => true
    const memories = {
      "color-contrast": remember(
        "color-contrast", look, { "color-contrast": measured }, hasText
      ),
      "link-in-text-block": remember(
        "link-in-text-block",
        place,
        { "link-in-text-block": always, "link-in-text-block-style": always },
        always
      ),
    }
    const colours = memories["color-contrast"].passed
    // Words of programs have no more than a colour. Where it passed, they are one text.
    const isWord = one =>
      one.localName === "span" && one.getAttributeNames().every(name => name === "class")
    const hasPassed = one => !hasText(one) || colours.has(look(one))
    const blocks = [...document.querySelectorAll("pre code")]
      .map(code => [code, [...code.querySelectorAll("*")]])
      .filter(([_, words]) => words.every(one => isWord(one) && hasPassed(one)))
      .map(([code]) => [code, [...code.childNodes]])
    for (const [code] of blocks) code.textContent = code.textContent
    const options = { resultTypes: ["violations"] }
    if (onlyColours) options.runOnly = Object.keys(memories)
    else options.rules = { region: { enabled: false } } // it is never serious
    const { violations } = await axe.run(within, options)
    for (const [code, nodes] of blocks) code.replaceChildren(...nodes)
    const faults = violations
      .filter(({ impact }) => ["serious", "critical"].includes(impact))
      .flatMap(({ id, nodes }) =>
        nodes.map(({ target, html }) => `${id}: ${target.join(" ")} ${html.slice(0, 100)}`)
      )
    const passed = {}
    for (const [id, memory] of Object.entries(memories)) {
      memory.forget()
      passed[id] = [...memory.passed]
    }
    return { faults, passed }
  }
  window.found = new Promise(done => setTimeout(() => done(run())))
}
