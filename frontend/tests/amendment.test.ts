import { describe, expect, it } from 'vitest'
import { shallowRef } from 'vue'
import { Problem } from '@/api/problem'
import type { AmendBody, AmendedProvision, FieldToAmend } from '@/api/types'
import { stricter, useAmendForm } from '@/modules/amendment/amendForm'
import { within } from './support'

function toAmend(part: Partial<FieldToAmend> = {}): FieldToAmend {
  return {
    name: 'committed_limit',
    label: '承诺办结时限',
    group: 'limits',
    group_label: '时限',
    type: 'integer',
    unit: '个工作日',
    help: '',
    choices: null,
    columns: null,
    rules: ['at_most', 'fixed', 'default'],
    upper: 10,
    upper_rule: 'at_most',
    upper_required: false,
    value: null,
    rule: null,
    required: false,
    merged: 10,
    merged_rule: 'at_most',
    editable: true,
    ...part,
  }
}
const phone = toAmend({
  name: 'phone',
  type: 'phone',
  rules: ['local', 'default', 'fixed'],
  upper: null,
  upper_rule: 'local',
  merged: null,
})
const provision = (version: number, ...fields: FieldToAmend[]): AmendedProvision => ({
  provision_id: 1,
  kind: 'item',
  code: 'A1',
  name: '事项A1',
  department_name: '',
  owner: '四川省',
  edition_number: 2,
  change: null,
  version,
  fields,
})

function formOf(save: (version: number, body: AmendBody) => Promise<AmendedProvision>, ...fields: FieldToAmend[]) {
  const shown = shallowRef<AmendedProvision | null>(provision(0, ...fields))
  const form = within(() => useAmendForm({ provision: shown, draftKey: `t${Math.random()}`, save }))
  form.restore()
  return { form, shown }
}

describe('what a city says of a provision', () => {
  it('offers only rules that are at least as strict as the one above', () => {
    expect(stricter(toAmend())).toEqual(['at_most', 'fixed'])
    expect(stricter(phone)).toEqual(['local', 'default', 'fixed'])
  })

  it('sends only what differs from above', async () => {
    let sent: AmendBody | null = null
    const field = toAmend()
    const { form } = formOf(
      async (version, body) => {
        sent = body
        return provision(version + 1, toAmend({ value: 6 }), { ...phone, rule: 'local', required: true })
      },
      field,
      phone,
    )
    expect(form.dirty.value).toBe(false)
    form.setValue(field, 10)
    expect(form.dirty.value).toBe(false)
    form.setValue(field, 6)
    form.setRule(phone, 'local', true)
    expect(await form.saving.run()).toBe(true)
    expect(sent).toEqual({ content: { committed_limit: 6 }, rules: { phone: { rule: 'local', required: true } } })
    expect(form.dirty.value).toBe(false)
  })

  it('says at the field that a value is looser than above, and does not send it', async () => {
    const field = toAmend()
    const { form } = formOf(async () => Promise.reject(new Error('sent')), field)
    form.setValue(field, 12)
    expect(form.errorOf(field)).toContain('10')
    expect(await form.saving.run()).toBe(false)
  })

  it('keeps what was typed when somebody else saved first, and saves it on top', async () => {
    const field = toAmend()
    const theirs = provision(4, toAmend({ value: 8 }), { ...phone, rule: 'default' })
    const versions: number[] = []
    const { form } = formOf(
      async (version, body) => {
        versions.push(version)
        if (version === 0) throw new Problem({ code: 'changed_meanwhile', current: theirs } as never, 412)
        return provision(5, toAmend({ value: body.content.committed_limit! }), { ...phone, rule: 'default' })
      },
      field,
      phone,
    )
    form.setValue(field, 6)
    await form.saving.run()
    expect(form.meanwhile.value?.rows.map((row) => [row.theirs, row.mine])).toEqual([[8, 6]])
    expect(await form.decide(['committed_limit'])).toBe(true)
    expect(versions).toEqual([0, 4])
  })
})
