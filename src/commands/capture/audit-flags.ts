/** Options of capture audit, beside those of every live source. */
import { boolean, integer, string } from "@oclif/core/flags"
import type { AuditRequest } from "../../app/capture/audit/run-capture-audit.ts"
import { parseSize } from "../../app/parse-size.ts"
import { configFlag, liveFlags } from "../live-flags.ts"

export const auditFlags = {
  ...liveFlags,
  duration: string({ description: "stop after this time: 30s, 10m, 2h", default: "0", helpValue: "TIME" }),
  raw: string({ description: "also write what comes in, as auditd's log", helpValue: "FILE" }),
  "raw-size": string({
    description: "a raw log this large is followed by a new one; 0 for no end",
    default: "100MiB",
    helpValue: "SIZE",
  }),
  "raw-keep": integer({
    description: "raw logs kept beside the newest",
    default: 9,
    min: 1,
    max: 999,
    helpValue: "N",
  }),
  multicast: boolean({
    description:
      "read beside the owner of the socket (auditd); sets no rules unless --audit_allow_config=true is given",
  }),
  "take-over": boolean({ description: "ask the kernel for the socket although another process has it" }),
  rules: string({
    description: "set these rules (auditctl's syntax) instead",
    helpValue: "FILE",
    exclusive: ["no-rules"],
  }),
  "no-rules": boolean({ description: "set no rules: those that are loaded decide" }),
  "keep-rules": boolean({ description: "leave the rules, and audit enabled, at the end" }),
  user: string({
    description: "account to go on as; the database's owner or nobody unless given",
    helpValue: "NAME",
  }),
  "socket-buffer": string({
    description: "receive buffer of the socket",
    default: "8MiB",
    helpValue: "SIZE",
  }),
  config: configFlag,
  from: string({
    description: "take records from stdin instead, as auditd sends them to a plugin",
    options: ["-"],
    exclusive: ["raw", "multicast", "take-over", "rules", "user"],
    helpValue: "-",
  }),
}

interface AuditFlagValues {
  readonly raw: string | undefined
  readonly "raw-size": string
  readonly "raw-keep": number
  readonly multicast: boolean
  readonly "take-over": boolean
  readonly rules: string | undefined
  readonly "no-rules": boolean
  readonly "keep-rules": boolean
  readonly user: string | undefined
  readonly "socket-buffer": string
}

type KernelPart = Pick<
  AuditRequest,
  | "isMulticast"
  | "takesOver"
  | "keepsRules"
  | "setsRules"
  | "rulesPath"
  | "user"
  | "rawPath"
  | "rawBytes"
  | "rawKeep"
  | "socketBufferBytes"
>

/** @throws UsageError for a size that is none */
export function kernelPart(flags: AuditFlagValues): KernelPart {
  return {
    isMulticast: flags.multicast,
    takesOver: flags["take-over"],
    keepsRules: flags["keep-rules"],
    setsRules: !flags["no-rules"],
    rawBytes: parseSize(flags["raw-size"], "--raw-size"),
    rawKeep: flags["raw-keep"],
    socketBufferBytes: parseSize(flags["socket-buffer"], "--socket-buffer"),
    ...(flags.rules === undefined ? {} : { rulesPath: flags.rules }),
    ...(flags.user === undefined ? {} : { user: flags.user }),
    ...(flags.raw === undefined ? {} : { rawPath: flags.raw }),
  }
}
