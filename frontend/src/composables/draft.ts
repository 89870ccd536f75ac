/** Typed but not saved: kept in the tab's storage until it is saved or given up. */
const PREFIX = 'jinzhu.draft.'

export interface Draft<T> {
  at: string
  version: number | null
  value: T
}

export function readDraft<T>(key: string): Draft<T> | null {
  try {
    const text = sessionStorage.getItem(PREFIX + key)
    return text ? (JSON.parse(text) as Draft<T>) : null
  } catch {
    return null
  }
}

export function keepDraft<T>(key: string, value: T, version: number | null): void {
  const draft: Draft<T> = { at: new Date().toISOString(), version, value }
  try {
    sessionStorage.setItem(PREFIX + key, JSON.stringify(draft))
  } catch {
    // A full storage must not break typing; the page still holds the values.
  }
}

export function dropDraft(key: string): void {
  sessionStorage.removeItem(PREFIX + key)
}

export function clearDrafts(): void {
  for (const key of Object.keys(sessionStorage)) {
    if (key.startsWith(PREFIX)) sessionStorage.removeItem(key)
  }
}
