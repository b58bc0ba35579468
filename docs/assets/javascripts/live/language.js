// Starts the page on which a language model writes.

import { writer } from "./writer.js"

writer(document.getElementById("live-writer"))
