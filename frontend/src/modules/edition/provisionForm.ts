/** A provision while it is edited: content, rules, levels; the draft, the faults, and the save. */
import { computed, ref, shallowRef } from 'vue'
import { Problem } from '@/api/problem'
import type { Applies, KindDescription, Level, Provision, ProvisionBody, Rule, RuleName, Value } from '@/api/types'
import { dropDraft, keepDraft, readDraft } from '@/composables/draft'
import { isEmpty, same } from '@/composables/format'
import { useAction } from '@/composables/resource'
import { merged, type Merge, type MergeWords } from './merge'

interface Options {
  kind: KindDescription
  /** Null for a provision that is yet to be made. */
  provision: Provision | null
  draftKey: string
  /** Names of what is merged besides values. */
  words: MergeWords
  save: (body: ProvisionBody, version: number | null, code: string) => Promise<Provision>
}

const copy = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T

function bodyOf(kind: KindDescription, given: ProvisionBody | null): ProvisionBody {
  return {
    content: copy(given?.content ?? {}),
    rules: Object.fromEntries(
      kind.fields.map((field) => [field.name, { ...(given?.rules[field.name] ?? field.default_rule) }]),
    ),
    applies: { ...copy(given?.applies ?? {}), levels: [...(given?.applies.levels ?? (['county'] as Level[]))] },
  }
}

/** What is wrong with the cells of a list, by their place in it. */
export function cellErrors(refusals: Record<string, string>, field: string): Record<string, string> {
  const start = `${field}.`
  return Object.fromEntries(
    Object.entries(refusals)
      .filter(([place]) => place.startsWith(start))
      .map(([place, text]) => [place.slice(start.length), text]),
  )
}

const told = (faults: { field: string; message: string }[]): Record<string, string> =>
  Object.fromEntries(faults.map((one) => [one.field, one.message]))

export function useProvisionForm({ kind, provision, draftKey, words, save }: Options) {
  const standing = shallowRef(provision)
  const body = ref(bodyOf(kind, provision))
  /** What stands in the draft and does not fit yet is told from the start. */
  const refusals = ref(told(provision?.faults ?? []))
  const restoredAt = ref<string | null>(null)
  const meanwhile = shallowRef<Merge | null>(null)
  const saved = computed(() => bodyOf(kind, standing.value))
  const dirty = computed(() => !same(body.value, saved.value))

  function keep(): void {
    if (dirty.value) keepDraft(draftKey, body.value, standing.value?.version ?? null)
    else dropDraft(draftKey)
  }

  /** What was told of a field, and of the cells of its list, no longer holds once it is changed. */
  function forget(field: string): void {
    refusals.value = Object.fromEntries(
      Object.entries(refusals.value).filter(([place]) => place !== field && !place.startsWith(`${field}.`)),
    )
  }

  function setValue(name: string, value: Value): void {
    const content = { ...body.value.content }
    if (isEmpty(value)) delete content[name]
    else content[name] = value
    body.value = { ...body.value, content }
    forget(`content.${name}`)
    keep()
  }

  function setRule(name: string, rule: RuleName, required = false): void {
    const { columns } = kind.fields.find((field) => field.name === name)!.default_rule
    const next: Rule = { rule, ...(rule === 'local' && { required }), ...(columns && { columns }) }
    body.value = { ...body.value, rules: { ...body.value.rules, [name]: next } }
    forget(`rules.${name}`)
    keep()
  }

  function setApplies(applies: Applies): void {
    body.value = { ...body.value, applies }
    for (const name of ['classes', 'regions', 'labels']) forget(`applies.${name}`)
    keep()
  }

  function giveUp(): void {
    body.value = bodyOf(kind, standing.value)
    refusals.value = told(standing.value?.faults ?? [])
    restoredAt.value = null
    dropDraft(draftKey)
  }

  function restore(): void {
    const draft = readDraft<ProvisionBody>(draftKey)
    if (!draft) return
    body.value = bodyOf(kind, draft.value)
    restoredAt.value = dirty.value ? draft.at : null
  }

  const saving = useAction(async (code: string) => {
    refusals.value = {}
    try {
      standing.value = await save(body.value, standing.value?.version ?? null, code)
      giveUp()
      return true
    } catch (error) {
      keep()
      if (error instanceof Problem && error.code === 'changed_meanwhile' && standing.value && error.body.current) {
        meanwhile.value = merged(kind, saved.value, error.body.current as Provision, body.value, words)
        return false
      }
      if (error instanceof Problem) refusals.value = told(error.errors)
      throw error
    }
  })

  /** Theirs becomes the base; on top of it what I alone changed, and of the rest what I chose. */
  async function decide(mine: string[]): Promise<boolean> {
    const { current, take } = meanwhile.value!
    const next = take(bodyOf(kind, current), mine)
    meanwhile.value = null
    standing.value = current
    body.value = next
    keep()
    return dirty.value ? Boolean(await saving.run(current.code)) : true
  }

  return {
    standing,
    body,
    dirty,
    refusals,
    restoredAt,
    meanwhile,
    setValue,
    setRule,
    setApplies,
    giveUp,
    restore,
    saving,
    decide,
  }
}

export type ProvisionForm = ReturnType<typeof useProvisionForm>
