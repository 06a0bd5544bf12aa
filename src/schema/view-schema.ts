/** What a view of a case file is, as data. */

export interface ViewSchema {
  readonly name: string
  readonly description: string
  readonly columns: readonly { readonly name: string; readonly description: string }[]
  readonly sql: string
}
