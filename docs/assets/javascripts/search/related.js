// What readers write for words of the pages: short forms, and words that mean nearly the
// same. A question's word then also finds the others of its line, for a smaller share.
self.proven ??= {}

proven.related = (() => {
  // A word, and what it stands for; not the other way round.
  const SHORT = `
    acc: accuracy; amp: mixed precision; aug: augmentation; bf16: bfloat16; bn: batch norm
    bs: batch size; ce: cross entropy; ckpt: checkpoint; cm: confusion matrix
    conv: convolution; convnet: cnn; cv: cross validation; dl: dataloader
    ddp: DistributedDataParallel; dp: DataParallel; ds: dataset; fc: linear
    fp16: float16; fp32: float32; fp64: float64; fp8: float8; ga: accumulate gradients
    grad: gradient; grads: gradient; gt: target; half: float16; hf: hugging face
    img: image; imgs: image; init: initialise; lr: learning rate; mem: memory
    mp: mixed precision; multi: several; multiple: several; oom: out of memory
    opt: optimizer; optim: optimizer; param: parameter; params: parameter; preds: prediction
    pred: prediction; sched: scheduler; seq: sequence; sdpa: attention; std: deviation
    tb: tensorboard; val: validation; wd: weight decay; ws: weights; colab: notebook
    jupyter: notebook; kaggle: notebook; mac: macos; apple: macos
    rocm: amd; nvidia: cuda; resnet: pretrained; bert: hugging face; yolo: detection
    llm: language model; gpt: language model; transformer: attention; qlora: lora
    adapter: lora; ema: average weights; swa: average weights; rng: random
    oversampling: imbalance; imbalanced: imbalance; unbalanced: imbalance
    leakage: leak; kfold: fold; dropout: eval; logits: softmax; onehot: one_hot
    backprop: backward; backpropagation: backward; inference: predict; dense: linear
    neuron: unit; cuda: gpu; docker: container; serve: export; deploy: export
    deployment: export; production: export; vocab: tokens; tokenizer: tokens
    augmentation: flip; regularization: decay; hyperparameter: tune; metric: accuracy`
  const GROUPS = `
    increase grow rise climb more up; decrease fall drop reduce lower decline down shrink
    hang stuck stall deadlock wait freeze; crash kill abort die exit terminate
    wrong incorrect bad broken; bad worse poor terrible awful; differ different difference vary
    same identical equal; constant unchanged stay; change modify update alter
    convert translate port transform cast; show print display; log record write
    fast speed quick accelerate; slow bottleneck; save store; load read open restore
    remove delete; create make build construct; combine join merge concatenate concat cat stack
    split divide; twice double duplicate repeat second; deterministic reproducible seed
    stop halt end finish; check verify test; ignore skip mask; forget miss missing
    predict prediction output answer guess; label target class; error exception fail
    memory ram vram; backbone body; classifier head; plot draw curve chart; author invent create
    continue resume restart; several two; machine node computer; process rank
    copy clone; empty clear free release; choose select pick; find search look
    random shuffle; flat plateau stagnate; explode overflow huge; tiny vanish underflow
    list array; average mean; total sum; number count; image picture; text string sentence
    start begin launch run; explain understand; use need; own custom; old deprecated outdated
    version release; cost price expensive; big large huge; hide mask; word token; row sample`

  const { stem, termsOf } = proven.words
  const found = new Map() // from a stem to lists of stems, of which each stands for it
  const add = (word, ...ways) => {
    if (!found.has(word)) found.set(word, [])
    found.get(word).push(...ways)
  }
  for (const one of SHORT.split(/[;\n]/).filter(line => line.trim())) {
    const [word, means] = one.split(":")
    add(stem(word.trim()), { terms: means.trim().split(" ").map(each => termsOf(each)[0]), short: true })
  }
  for (const one of GROUPS.split(/[;\n]/).filter(line => line.trim())) {
    const group = [...new Set(one.trim().split(" ").map(stem))]
    for (const word of group) add(word, ...group.filter(other => other !== word).map(other => ({ terms: [other] })))
  }
  return term => found.get(term) ?? []
})()
