/** The local column of a record while it is edited: what was typed, its faults, the draft, and the save. */
import { computed, ref, shallowRef, type ShallowRef } from 'vue'
import { useI18n } from 'vue-i18n'
import { Problem } from '@/api/problem'
import type { CenterRecord, RecordField, Value } from '@/api/types'
import type { Meanwhile } from '@/components/MeanwhileDialog.vue'
import { faultOf } from '@/composables/check'
import { dropDraft, keepDraft, readDraft } from '@/composables/draft'
import { same, useFormat } from '@/composables/format'
import { useAction } from '@/composables/resource'

type Values = Record<string, Value>

interface Options {
  record: ShallowRef<CenterRecord | null>
  draftKey: string
  save: (version: number, local: Values) => Promise<CenterRecord>
  reread: () => Promise<CenterRecord>
}

export function useRecordForm({ record, draftKey, save, reread }: Options) {
  const { t } = useI18n()
  const { text } = useFormat()
  const typed = ref<Values>({})
  const refusals = ref<Record<string, string>>({})
  const restoredAt = ref<string | null>(null)
  const meanwhile = shallowRef<{ current: CenterRecord; rows: Meanwhile[]; others: string[] } | null>(null)

  const changed = computed(() => Object.keys(typed.value))
  const fieldOf = (name: string) => record.value?.fields.find((field) => field.name === name)
  const valueOf = (field: RecordField): Value => (field.name in typed.value ? typed.value[field.name]! : field.local)

  function faultText(field: RecordField): string {
    const fault = field.name in typed.value ? faultOf(field, typed.value[field.name] ?? null) : null
    return fault ? t(fault.key, { bound: text(fault.bound ?? null, field) }) : ''
  }
  const errorOf = (field: RecordField) => refusals.value[field.name] || faultText(field)
  /** What was told of the cells of a list, by their place in it. */
  const cellErrorsOf = ({ name }: RecordField) =>
    Object.fromEntries(
      Object.entries(refusals.value)
        .filter(([place]) => place.startsWith(`${name}.`))
        .map(([place, text]) => [place.slice(name.length + 1), text]),
    )

  function keep(): void {
    if (changed.value.length > 0) keepDraft(draftKey, typed.value, record.value?.version ?? null)
    else dropDraft(draftKey)
  }

  function set(field: RecordField, value: Value): void {
    const next = { ...typed.value }
    if (same(value, field.local)) delete next[field.name]
    else next[field.name] = value
    typed.value = next
    refusals.value = Object.fromEntries(
      Object.entries(refusals.value).filter(([place]) => place !== field.name && !place.startsWith(`${field.name}.`)),
    )
    keep()
  }

  function giveUp(): void {
    typed.value = {}
    refusals.value = {}
    restoredAt.value = null
    dropDraft(draftKey)
  }

  /** Brings back what was typed before; fields that can no longer be changed are left out. */
  function restore(): void {
    const draft = readDraft<Values>(draftKey)
    if (!draft || !record.value) return
    const usable = Object.entries(draft.value).filter(([name, value]) => {
      const field = fieldOf(name)
      return field?.editable && !same(field.local, value)
    })
    typed.value = Object.fromEntries(usable)
    restoredAt.value = usable.length > 0 ? draft.at : null
    keep()
  }

  function accept(answer: CenterRecord): void {
    record.value = answer
    giveUp()
  }

  function refuse(problem: Problem): void {
    for (const error of problem.errors) refusals.value[error.field.replace(/^local\./, '')] = error.message
  }

  async function compare(problem: Problem): Promise<void> {
    const before = record.value!
    const current = (problem.body.current as CenterRecord | undefined)?.fields
      ? (problem.body.current as CenterRecord)
      : await reread()
    const rows = current.fields
      .filter((field) => field.name in typed.value)
      .map((field) => ({ field, theirs: field.local, mine: typed.value[field.name] ?? null, all: field.standard }))
    const others = current.fields
      .filter((field) => !(field.name in typed.value))
      .filter((field) => !same(field.local, before.fields.find((one) => one.name === field.name)?.local))
    meanwhile.value = { current, rows, others: others.map((field) => field.label) }
  }

  const saving = useAction(async () => {
    if (!record.value || changed.value.length === 0) return false
    if (record.value.fields.some((field) => faultText(field))) return false
    try {
      accept(await save(record.value.version, typed.value))
      return true
    } catch (error) {
      keep()
      if (error instanceof Problem && error.code === 'changed_meanwhile') {
        await compare(error)
        return false
      }
      if (error instanceof Problem) refuse(error)
      throw error
    }
  })

  /** After the comparison: theirs becomes the base, mine of the chosen fields is saved on top. */
  async function decide(mine: string[]): Promise<boolean> {
    const { current } = meanwhile.value!
    record.value = current
    typed.value = Object.fromEntries(Object.entries(typed.value).filter(([name]) => mine.includes(name)))
    meanwhile.value = null
    keep()
    return mine.length === 0 ? true : Boolean(await saving.run())
  }

  return { typed, changed, valueOf, errorOf, cellErrorsOf, set, giveUp, restore, restoredAt, saving, meanwhile, decide }
}

export type RecordForm = ReturnType<typeof useRecordForm>
