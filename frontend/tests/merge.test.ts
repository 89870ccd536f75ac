import { describe, expect, test } from 'vitest'
import type { KindDescription, Provision, ProvisionBody } from '@/api/types'
import { merged } from '@/modules/edition/merge'

const field = (name: string, label: string) => ({
  name,
  label,
  type: 'integer' as const,
  group: 'limits',
  group_label: '时限',
  unit: '',
  help: '',
  choices: null,
  columns: null,
  rules: ['at_most', 'fixed'] as const,
  default_rule: { rule: 'at_most' as const },
  required: false,
})
const kind = {
  kind: 'item',
  name: '事项',
  claimed: true,
  fields: [field('committed_limit', '承诺时限'), field('visit_count', '到场次数'), field('fee', '收费')],
} as unknown as KindDescription
const words = { rule: (label: string) => `规则：${label}`, ruleName: (rule: string) => rule, applies: '适用范围' }
const body = (content: ProvisionBody['content'], more: Partial<ProvisionBody> = {}): ProvisionBody => ({
  content,
  rules: {
    committed_limit: { rule: 'at_most' },
    visit_count: { rule: 'at_most' },
    fee: { rule: 'at_most' },
  },
  applies: { levels: ['county'] },
  ...more,
})
const saved = (one: ProvisionBody) => one as unknown as Provision
const base = body({ committed_limit: 10, visit_count: 1, fee: 0 })

describe('two people changed one provision', () => {
  test('only what both changed is asked for, and shows what stood before', () => {
    const theirs = body({ committed_limit: 8, visit_count: 0, fee: 0 })
    const mine = body({ committed_limit: 6, visit_count: 1, fee: 5 })
    const found = merged(kind, base, saved(theirs), mine, words)
    expect(found.rows).toMatchObject([{ base: 10, theirs: 8, mine: 6 }])
    expect(found.others).toEqual(['到场次数'])
    expect(found.kept).toEqual(['收费'])
    expect(found.take(theirs, ['committed_limit']).content).toEqual({ committed_limit: 6, visit_count: 0, fee: 5 })
    expect(found.take(theirs, []).content).toEqual({ committed_limit: 8, visit_count: 0, fee: 5 })
  })
  test('what both changed alike is no question', () => {
    const both = body({ committed_limit: 8, visit_count: 1, fee: 0 })
    expect(merged(kind, base, saved(both), both, words).rows).toEqual([])
  })
  test('a field that I emptied stays empty', () => {
    const found = merged(kind, base, saved(base), body({ committed_limit: 10, visit_count: 1 }), words)
    expect(found.take(base, []).content).toEqual({ committed_limit: 10, visit_count: 1 })
  })
  test('rules and whom it concerns are merged like values', () => {
    const rules = { ...base.rules, fee: { rule: 'fixed' as const } }
    const theirs = body(base.content, { rules, applies: { levels: ['city'] } })
    const mine = body(base.content, { applies: { levels: ['county'], labels: ['试点'] } })
    const found = merged(kind, base, saved(theirs), mine, words)
    expect(found.rows.map((row) => row.field.label)).toEqual(['适用范围'])
    expect(found.others).toEqual(['规则：收费'])
    const taken = found.take(theirs, ['applies'])
    expect(taken.rules.fee).toEqual({ rule: 'fixed' })
    expect(taken.applies).toEqual({ levels: ['county'], labels: ['试点'] })
  })
})
