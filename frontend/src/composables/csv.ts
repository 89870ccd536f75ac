/** Export of what a list shows: the current filter and order, page by page from the server, the columns on the screen. */
import type { Page } from '@/api/types'
import type { Column } from '@/components/table'
import { today } from './days'

/** Spreadsheets take a text that begins with one of these for a formula. */
const FORMULA = /^[=+\-@\t\r]/

export function cell(text: string): string {
  const harmless = FORMULA.test(text) && !/^-?\d+(\.\d+)?$/.test(text) ? `'${text}` : text
  return /[",\n\r]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless
}

export function csv<Row>(columns: Column<Row>[], rows: Row[]): string {
  const lines = [columns.map((column) => column.label), ...rows.map((row) => columns.map((column) => column.text(row)))]
  return lines.map((line) => line.map(cell).join(',')).join('\r\n') + '\r\n'
}

function download(name: string, text: string): void {
  // The mark at the start tells Excel that the file is UTF-8.
  const address = URL.createObjectURL(new Blob(['\ufeff', text], { type: 'text/csv;charset=utf-8' }))
  const link = document.createElement('a')
  link.href = address
  link.download = name
  link.click()
  URL.revokeObjectURL(address)
}

export async function fetchAll<Row>(
  load: (page: number) => Promise<Page<Row>>,
  progress: (done: number) => void = () => {},
): Promise<Row[]> {
  const rows: Row[] = []
  for (let page = 1; ; page++) {
    const part = await load(page)
    rows.push(...part.rows)
    progress(rows.length)
    if (part.rows.length === 0 || rows.length >= part.total) return rows
  }
}

export async function exportRows<Row>(work: {
  name: string
  columns: Column<Row>[]
  load: (page: number) => Promise<Page<Row>>
  progress: (done: number) => void
}): Promise<void> {
  const rows = await fetchAll(work.load, work.progress)
  download(`${work.name}-${today()}.csv`, csv(work.columns, rows))
}
