/** Event classes of audit_class(5): a bit each. Source: OpenBSM etc/audit_class. */
import { CLASS_LINES } from "./classes.gen.ts"
import { type NamedValue, ValueTable } from "./lines.ts"

const CLASSES = new ValueTable(CLASS_LINES)

/** The mask of a class, `undefined` for a name that is none. */
export function classMask(name: string): number | undefined {
  return CLASSES.named(name)?.value
}

/** The bits of several classes; names that are none have no bit. */
export function classMaskOf(names: readonly string[]): number {
  let mask = 0
  for (const name of names) mask |= classMask(name) ?? 0
  return mask >>> 0
}

/** All classes: mask, name, description. */
export function auditClasses(): readonly NamedValue[] {
  return CLASSES.all()
}
