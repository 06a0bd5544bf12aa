/** Audit rules for the tests. */
import { type AuditRule, makeRule, textField } from "../../../../src/sources/audit/rule.ts"
import { ACTION, FIELD, LIST, OPERATOR } from "../../../../src/sources/audit/rule-fields.ts"

export function keyedRule(syscall: number, key: string, list: number = LIST.exit): AuditRule {
  const fields = [textField(FIELD.key, OPERATOR.equal, key)]
  return makeRule({ list, action: ACTION.always, syscalls: [syscall], fields })
}
