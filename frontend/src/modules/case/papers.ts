/** The documents of a case by what asked for them, and what a file can be attached as. */
import type { Case, CaseDocument, CaseStep } from '@/api/types'

export const ENDINGS = ['pdf', 'jpg', 'jpeg', 'png', 'docx', 'xlsx', 'ofd']
export const MOST_BYTES = 10 * 1024 * 1024
const SUPERIOR = 'superior'

export interface PaperGroup {
  name: string
  /** The step that asks for it; none for what was attached beside the steps. */
  step: CaseStep | null
  documents: CaseDocument[]
}

/** What each step asks for with what is there for it, in the order of the steps; then all else. */
export function groups(shown: Case): PaperGroup[] {
  const asked = new Map<string, CaseStep>()
  for (const step of shown.steps) {
    if (step.document && step.state !== 'skipped' && !asked.has(step.document)) asked.set(step.document, step)
  }
  const found: PaperGroup[] = [...asked].map(([name, step]) => ({
    name,
    step,
    documents: shown.documents.filter((one) => one.name === name),
  }))
  const rest = shown.documents.filter((one) => !asked.has(one.name))
  return rest.length > 0 ? [...found, { name: '', step: null, documents: rest }] : found
}

/** The steps whose document the reader can attach: all of the own center's, from above one's own. */
export function attachable(shown: Case): CaseStep[] {
  if (shown.state === 'refused' || shown.state === 'withdrawn') return []
  return groups(shown)
    .map((group) => group.step)
    .filter((step) => step !== null)
    .filter((step) => !shown.center || step.actor === SUPERIOR)
}

/** The step that something beside the steps is attached to: from above, it is one's own step. */
export function besideStep(shown: Case): string | null {
  if (!shown.center) return ''
  return shown.steps.find((step) => step.actor === SUPERIOR && step.state !== 'skipped')?.code ?? null
}

const isOpen = (step: CaseStep) => step.state === 'open' || step.state === 'suspended'

/** What is attached next: the document that an open step still waits for. */
export function wanted(shown: Case): CaseStep | null {
  const waiting = attachable(shown).filter((step) => shown.documents.every((one) => one.name !== step.document))
  return waiting.find(isOpen) ?? null
}

export function sizeOf(bytes: number): string {
  if (bytes < 1024 * 1024) return `${Math.max(1, Math.round(bytes / 1024))} KB`
  return `${(bytes / 1024 / 1024).toFixed(1)} MB`
}
