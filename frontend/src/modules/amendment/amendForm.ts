/** What a city says of a provision, while it is written: only what differs from above, the draft, and the save. */
import { computed, ref, shallowRef, type ShallowRef } from 'vue'
import { useI18n } from 'vue-i18n'
import { Problem } from '@/api/problem'
import type { AmendBody, AmendedProvision, FieldToAmend, Rule, RuleName, Value } from '@/api/types'
import type { Meanwhile } from '@/components/MeanwhileDialog.vue'
import { faultOf } from '@/composables/check'
import { dropDraft, keepDraft, readDraft } from '@/composables/draft'
import { isEmpty, same, useFormat } from '@/composables/format'
import { useAction } from '@/composables/resource'

/** From the loosest to the strictest; the way down leads to the right. */
const STRICTNESS: RuleName[] = ['local', 'default', 'at_most', 'at_least', 'subset', 'superset', 'fixed']
const strength = (rule: RuleName) => STRICTNESS.indexOf(rule)

/** The rules that a city may give a field: those from above and stricter. */
export const stricter = (field: FieldToAmend): RuleName[] =>
  field.rules.filter((rule) => strength(rule) >= strength(field.upper_rule))

function bodyOf(provision: AmendedProvision): AmendBody {
  const body: AmendBody = { content: {}, rules: {} }
  for (const field of provision.fields) {
    if (!isEmpty(field.value)) body.content[field.name] = field.value
    if (field.rule) body.rules[field.name] = ruleOf(field.rule, field.required)
  }
  return body
}
const ruleOf = (rule: RuleName, required: boolean): Rule => ({ rule, ...(rule === 'local' && { required }) })

interface Options {
  provision: ShallowRef<AmendedProvision | null>
  draftKey: string
  save: (version: number, body: AmendBody) => Promise<AmendedProvision>
}

export function useAmendForm({ provision, draftKey, save }: Options) {
  const { t } = useI18n()
  const { text } = useFormat()
  const typed = ref<AmendBody>({ content: {}, rules: {} })
  const refusals = ref<Record<string, string>>({})
  const restoredAt = ref<string | null>(null)
  const meanwhile = shallowRef<{ current: AmendedProvision; rows: Meanwhile[]; others: string[] } | null>(null)
  const saved = computed(() => (provision.value ? bodyOf(provision.value) : typed.value))
  const dirty = computed(() => !same(typed.value, saved.value))

  const ruleNow = (field: FieldToAmend): RuleName => typed.value.rules[field.name]?.rule ?? field.upper_rule
  const requiredNow = (field: FieldToAmend) => typed.value.rules[field.name]?.required ?? field.upper_required
  const valueOf = (field: FieldToAmend): Value => typed.value.content[field.name] ?? null

  function faultText(field: FieldToAmend): string {
    const fault = faultOf({ type: field.type, rule: field.upper_rule, bound: field.upper }, valueOf(field))
    return fault ? t(fault.key, { bound: text(fault.bound ?? null, field) }) : ''
  }
  const errorOf = (field: FieldToAmend) =>
    refusals.value[`content.${field.name}`] || refusals.value[`rules.${field.name}`] || faultText(field)
  const cellErrorsOf = ({ name }: FieldToAmend) =>
    Object.fromEntries(
      Object.entries(refusals.value)
        .filter(([place]) => place.startsWith(`content.${name}.`))
        .map(([place, told]) => [place.slice(name.length + 9), told]),
    )

  function keep(name: string): void {
    refusals.value = Object.fromEntries(
      Object.entries(refusals.value).filter(([place]) => place.split('.')[1] !== name),
    )
    if (dirty.value) keepDraft(draftKey, typed.value, provision.value?.version ?? null)
    else dropDraft(draftKey)
  }

  function setValue(field: FieldToAmend, value: Value): void {
    const { [field.name]: _, ...content } = typed.value.content
    const next = isEmpty(value) || same(value, field.upper) ? content : { ...content, [field.name]: value }
    typed.value = { ...typed.value, content: next }
    keep(field.name)
  }

  function setRule(field: FieldToAmend, rule: RuleName, required: boolean): void {
    const { [field.name]: _, ...rules } = typed.value.rules
    const asAbove = rule === field.upper_rule && (rule !== 'local' || required === field.upper_required)
    typed.value = { ...typed.value, rules: asAbove ? rules : { ...rules, [field.name]: ruleOf(rule, required) } }
    keep(field.name)
  }

  function giveUp(): void {
    typed.value = JSON.parse(JSON.stringify(saved.value)) as AmendBody
    refusals.value = {}
    restoredAt.value = null
    dropDraft(draftKey)
  }

  function restore(): void {
    const draft = readDraft<AmendBody>(draftKey)
    giveUp()
    if (!draft) return
    typed.value = draft.value
    restoredAt.value = dirty.value ? draft.at : null
    if (dirty.value) keepDraft(draftKey, typed.value, provision.value?.version ?? null)
  }

  function compare(current: AmendedProvision): void {
    const before = saved.value
    const fields = current.fields.filter(({ name }) => !same(typed.value.content[name], before.content[name]))
    meanwhile.value = {
      current,
      rows: fields.map((field) => ({ field, theirs: field.value, mine: valueOf(field), all: field.upper })),
      others: current.fields
        .filter((field) => !fields.includes(field) && !same(field.value ?? undefined, before.content[field.name]))
        .map((field) => field.label),
    }
  }

  const saving = useAction(async () => {
    if (!provision.value || provision.value.fields.some((field) => field.editable && faultText(field))) return false
    refusals.value = {}
    try {
      provision.value = await save(provision.value.version, typed.value)
      giveUp()
      return true
    } catch (error) {
      if (error instanceof Problem && error.code === 'changed_meanwhile' && error.body.current) {
        compare(error.body.current as AmendedProvision)
        return false
      }
      if (error instanceof Problem)
        refusals.value = Object.fromEntries(error.errors.map((one) => [one.field, one.message]))
      throw error
    }
  })

  /** Theirs becomes the base; of mine the chosen values stay, with my rules. */
  async function decide(mine: string[]): Promise<boolean> {
    const { current, rows } = meanwhile.value!
    const { rules } = typed.value
    const untouched = same(rules, saved.value.rules)
    meanwhile.value = null
    provision.value = current
    typed.value = { content: { ...saved.value.content }, rules: untouched ? { ...saved.value.rules } : rules }
    for (const row of rows) if (mine.includes(row.field.name)) setValue(row.field as FieldToAmend, row.mine)
    return dirty.value ? Boolean(await saving.run()) : true
  }

  return {
    typed,
    dirty,
    ruleNow,
    requiredNow,
    valueOf,
    errorOf,
    cellErrorsOf,
    setValue,
    setRule,
    giveUp,
    restore,
    restoredAt,
    saving,
    meanwhile,
    decide,
  }
}

export type AmendForm = ReturnType<typeof useAmendForm>
