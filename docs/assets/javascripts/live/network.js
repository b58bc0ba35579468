// A network: the graph of an ONNX file, run node by node.

import { LAYERS } from "./layers.js"
import { read } from "./onnx.js"

export class Network {
  constructor(bytes) {
    const { nodes, weights, inputs, outputs } = read(bytes)
    this.inputs = inputs.filter(name => !(name in weights))
    this.outputs = outputs
    this.known = { ...weights }
    this.nodes = []
    for (const node of nodes) {
      if (!(node.type in LAYERS))
        throw new Error(`a layer of type ${node.type} is not here`)
      // What depends on weights alone is computed once.
      if (node.inputs.every(name => name in this.known)) this.step(node, this.known)
      else this.nodes.push(node)
    }
  }

  // All that is computed from an input, by name.
  run(x) {
    const known = { ...this.known, [this.inputs[0]]: x }
    for (const node of this.nodes) this.step(node, known)
    return known
  }

  // The name of the first result of a type of layer.
  first(type) {
    return this.nodes.find(node => node.type === type).outputs[0]
  }

  step({ type, inputs, outputs, attributes }, known) {
    const [count, layer] = LAYERS[type]
    const given = inputs.map(name => known[name])
    given.length = count
    known[outputs[0]] = layer(...given, attributes)
  }
}
