/** What a list says of its columns and filters. */

export interface Column<Row> {
  key: string
  label: string
  /** The cell in words; shown where the page gives no slot, and written into the export. */
  text: (row: Row) => string
  sort?: string
  align?: 'right'
  nowrap?: boolean
  width?: string
  /** Its lines stay as they were typed. */
  lines?: boolean
  /** Its heading may take several lines, so that many figures stand side by side. */
  wraps?: boolean
  /** Not shown until chosen. */
  hidden?: boolean
  /** Stays in sight at the right edge where the table is wider than its place. */
  pinned?: boolean
  /** Cannot be hidden. */
  fixed?: boolean
}

export interface Filter {
  key: string
  label: string
  options: { value: string; label: string }[]
}

export type RowKey = string | number
