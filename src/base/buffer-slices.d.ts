/** Buffer's own slice and write methods, which skip the encoding look-up of toString(); missing from @types/node. */
interface Buffer {
  utf8Slice(start?: number, end?: number): string
  latin1Slice(start?: number, end?: number): string
  utf8Write(text: string, offset?: number, length?: number): number
  latin1Write(text: string, offset?: number, length?: number): number
}
