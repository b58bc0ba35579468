// What axe finds serious in what a selector names.
// In a view of the same name, nothing but colours differs.
given => {
  const { within, view, onlyColours, known } = JSON.parse(given)
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

  // The rules that axe has by default; a fault is as serious as its rule.
  const SERIOUS = ["serious", "critical"]
  const RULES = axe._audit.rules.filter(
    ({ enabled, tags }) => enabled && !tags.some(tag => axe._audit.tagExclude.includes(tag))
  )

  // Else it would say nothing of words in a block that has a pseudo-element, as programs.
  axe._audit.checks["color-contrast"].options.ignorePseudo = true

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
        node => node.nodeType === Node.TEXT_NODE && /[^\s!-/:-@[-`{-~]/.test(node.nodeValue)
      )) &&
    element.checkVisibility({ visibilityProperty: true, opacityProperty: true })

  // A link has to stand out where the block around has other words. Most links have a
  // block of their own: axe need not look for it.
  const BLOCK = /^(block|list-item|table.*|flex|grid)$/
  const display = element => getComputedStyle(element).display
  const hasWords = once(block => {
    const texts = document.createTreeWalker(block, NodeFilter.SHOW_TEXT)
    while (texts.nextNode()) {
      const { nodeValue, parentElement } = texts.currentNode
      if (nodeValue.trim() && !parentElement.closest("a[href]:not([role])")) return true
    }
    return false
  })
  const inText = link => {
    if (display(link) !== "inline" && display(link) !== "contents") return false
    let block = link.parentElement
    while (!BLOCK.test(display(block))) block = block.parentElement
    return hasWords(block)
  }

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
    // Whether a rule is about an element does not depend on colours: in the same view,
    // it is asked once.
    const views = (window.views ??= {})
    const about = (views[`${id} ${view}`] ??= new Map())
    const isOpen = node =>
      about.get(node) !== false &&
      node.matches(rule.selector) && relevant(node) && !passed.has(look(node))
    wrap(rule, "matches", matches => (node, ...rest) => {
      if (!isOpen(node)) return false
      if (!about.has(node)) about.set(node, matches.call(rule, node, ...rest))
      return about.get(node)
    })
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
    return { passed, isOpen, forget: () => undo.forEach(one => one()) }
  }

  const answer = (faults, memories) => {
    const passed = {}
    for (const [id, memory] of Object.entries(memories)) {
      memory.forget()
      passed[id] = [...memory.passed]
    }
    return JSON.stringify({ faults, passed })
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
        inText
      ),
    }
    const scope = document.querySelectorAll(`:is(${within}), :is(${within}) *`)
    const isOpen = node => Object.values(memories).some(memory => memory.isOpen(node))
    const open = onlyColours && [...scope].filter(isOpen)
    if (open && !open.length) return answer([], memories)
    const serious = ({ impact }) => SERIOUS.includes(impact)
    const colourful = ({ id }) => id in memories
    const options = {
      reporter: "no-passes",
      resultTypes: ["violations"],
      runOnly: RULES.filter(onlyColours ? colourful : serious).map(({ id }) => id),
    }
    const { violations } = await axe.run(open || within, options)
    const faults = violations
      .filter(({ impact }) => SERIOUS.includes(impact))
      .flatMap(({ id, nodes }) =>
        nodes.map(({ target, html }) => `${id}: ${target.join(" ")} ${html.slice(0, 100)}`)
      )
    return answer(faults, memories)
  }
  return run()
}
