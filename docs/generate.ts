/** Writes the generated pages of docs/; `npm run docs`. */
import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { renderPages } from "./pages.ts"

for (const [name, text] of renderPages()) writeFileSync(join(import.meta.dirname, name), text)
