/** Days as the server writes them: 2026-11-23. */

/** Today in China, wherever the browser stands. */
export function today(): string {
  return new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10)
}

/** After today, and not after the last day there is. */
export function inTime(day: string | null, last: string | null): boolean {
  return day !== null && day > today() && (last === null || day <= last)
}
