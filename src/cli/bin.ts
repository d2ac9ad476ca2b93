#!/usr/bin/env node
// The executable. The rest is CommonJS, which starts faster and whose compiled code can be kept.

import { createRequire } from "node:module";

createRequire(import.meta.url)("./start.cjs");
