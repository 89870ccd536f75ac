import { createPinia, setActivePinia } from 'pinia'
import { flushPromises, mount } from '@vue/test-utils'
import { defineComponent, h, type Component } from 'vue'
import { createMemoryHistory, createRouter, type Router } from 'vue-router'
import type { CenterRecord, Column, RecordField } from '@/api/types'
import { i18n } from '@/i18n'

export const settled = flushPromises

export function routerAt(): Router {
  return createRouter({
    history: createMemoryHistory(),
    routes: [{ path: '/:rest(.*)*', component: { render: () => null } }],
  })
}

export async function show(component: Component, props: Record<string, unknown> = {}, address = '/') {
  const router = routerAt()
  await router.push(address)
  const pinia = createPinia()
  setActivePinia(pinia)
  const wrapper = mount(component, { props, global: { plugins: [pinia, i18n, router] }, attachTo: document.body })
  await flushPromises()
  return { wrapper, router }
}

/** Runs a composable inside a component and gives back what it returned. */
export function within<T>(use: () => T): T {
  let result!: T
  setActivePinia(createPinia())
  mount(
    defineComponent({
      setup() {
        result = use()
        return () => h('div')
      },
    }),
    { global: { plugins: [i18n] } },
  )
  return result
}

const column = (part: Partial<Column> & Pick<Column, 'name' | 'label' | 'type'>): Column => ({
  choices: null,
  local: null,
  of: '',
  required: false,
  unit: '',
  ...part,
})
/** The columns of a list of materials. */
export const COLUMNS: Column[] = [
  column({ name: 'code', label: '编码', type: 'code', required: true }),
  column({ name: 'name', label: '名称', type: 'text', required: true }),
  column({ name: 'copies', label: '份数', type: 'integer', unit: '份', local: 'at_most' }),
  column({ name: 'note', label: '本地说明', type: 'text', local: 'local' }),
]

export function field(part: Partial<RecordField> = {}): RecordField {
  return {
    name: 'committed_limit',
    label: '承诺办结时限',
    group: 'limits',
    group_label: '时限与次数',
    type: 'integer',
    unit: '个工作日',
    help: '',
    choices: null,
    columns: null,
    rule: 'at_most',
    required: false,
    standard: 10,
    bound: 10,
    local: null,
    effective: 10,
    set_by: 'standard',
    set_by_name: '四川省',
    amended_by: null,
    part_names: {},
    upper: null,
    pin: null,
    set_under: null,
    set_at: null,
    editable: true,
    why: '可以填写更小的值。',
    missing: false,
    conflict: null,
    ...part,
  }
}

export function record(part: Partial<CenterRecord> = {}): CenterRecord {
  return {
    id: 7,
    provision_id: 70,
    kind: 'item',
    center: { id: 129, name: '广安区' },
    code: '511A',
    name: '教师资格认定',
    department_name: '教科体局',
    claim: 'offered',
    reason: '',
    covered_by: null,
    governed_by: null,
    version: 3,
    edition: { id: 2, number: 2, title: '2026年版', effective_on: '2026-11-23' },
    standard: { id: 1, name: '基本目录', nature: 'general', owner: { id: 1, name: '四川省', level: 'province' } },
    missing: 0,
    findings: [],
    fields: [
      field(),
      field({
        name: 'window',
        label: '办理窗口',
        type: 'text',
        rule: 'local',
        standard: null,
        bound: null,
        effective: null,
        unit: '',
      }),
    ],
    actions: { edit: true, claim: true },
    ...part,
  }
}

export function answer(body: unknown, status = 200): Response {
  return new Response(status === 204 ? null : JSON.stringify(body), {
    status,
    headers: { 'Content-Type': 'application/json' },
  })
}
export const refusal = (code: string, status: number, extra: Record<string, unknown> = {}) =>
  answer({ code, status, ...extra }, status)
