import { expect, test, vi } from 'vitest'
import { Problem } from '@/api/problem'
import type { ActBody, Case, CaseAction, CaseStep } from '@/api/types'
import { readDraft } from '@/composables/draft'
import { useActing } from '@/modules/case/acting'
import CaseActions from '@/modules/case/CaseActions.vue'
import CaseDiagram from '@/modules/case/CaseDiagram.vue'
import CaseSteps from '@/modules/case/CaseSteps.vue'
import { drawn, ranks } from '@/modules/case/course'
import { dueTone } from '@/modules/case/due'
import { show, within } from './support'

const step = (code: string, next: string[], part: Partial<CaseStep> = {}): CaseStep => ({
  code,
  name: `步骤${code}`,
  actor: 'center',
  actor_label: '政务服务中心',
  next,
  document: '',
  limit: 5,
  escalate_after: null,
  receiver_label: '',
  state: 'coming',
  round: 0,
  opened_on: null,
  due_on: null,
  days_left: null,
  closed_at: null,
  assignee: null,
  gone: false,
  escalated_on: null,
  ...part,
})
const STEPS = [
  step('S1', ['S2', 'S3'], { state: 'done', round: 1 }),
  step('S2', ['S4'], { state: 'open', round: 1, due_on: '2026-12-01', days_left: 2 }),
  step('S3', ['S4'], { state: 'open', round: 1, due_on: '2026-11-20', days_left: -2 }),
  step('S4', []),
]
const action = (part: Partial<CaseAction> = {}): CaseAction => ({
  step: 'S2',
  step_name: '步骤S2',
  action: 'approve',
  label: '通过',
  possible: true,
  why_not: '',
  missing: [],
  needs_opinion: false,
  needs_on_behalf: false,
  targets: [],
  ...part,
})
const shown = (part: Partial<Case> = {}) =>
  ({ id: 7, version: 3, state: 'running', steps: STEPS, trace: [], actions: [action()], ...part }) as Case

test('steps of both lines stand in one rank, and what follows waits for the longest way', () => {
  expect(ranks(STEPS).map((row) => row.map((one) => one.code))).toEqual([['S1'], ['S2', 'S3'], ['S4']])
  const longer = [step('A', ['B', 'C']), step('B', ['D']), step('C', ['E']), step('D', ['E']), step('E', [])]
  expect(ranks(longer).map((row) => row.map((one) => one.code))).toEqual([['A'], ['B', 'C'], ['D'], ['E']])
})

test('the picture has a box for each step and an arrow for each way on', () => {
  const { boxes, arrows } = drawn(STEPS)
  expect(boxes).toHaveLength(4)
  expect(arrows.map((one) => `${one.from}>${one.to}`)).toEqual(['S1>S2', 'S1>S3', 'S2>S4', 'S3>S4'])
  const [, upper, lower] = boxes
  expect(upper!.x).toBe(lower!.x)
  expect(upper!.y).toBeLessThan(lower!.y)
})

test.each([
  [5, 'soft'],
  [3, 'soft'],
  [2, 'amber'],
  [0, 'amber'],
  [-1, 'red'],
  [null, 'soft'],
] as const)('%s working days left look %s', (left, tone) => expect(dueTone(left)).toBe(tone))

test('everything in the picture also stands in the list', async () => {
  const { wrapper } = await show(CaseSteps, { steps: STEPS })
  const text = wrapper.text()
  for (const one of STEPS) expect(text).toContain(one.name)
  expect(text).toContain('以下 2 步同时进行')
  expect(text).toContain('超期 2 个工作日')
  expect(text).toContain('之后：步骤S2；步骤S3')
  const picture = (await show(CaseDiagram, { steps: STEPS })).wrapper
  expect(picture.find('svg').attributes('aria-label')).toContain('办理过程')
})

test('buttons are what the server offers; what is not possible says why and what is missing', async () => {
  const fault = { field: 'subject', message: '还缺 2 项', value: 2, rule: 'fixed' as const }
  const actions = [
    action({ possible: false, missing: [fault] }),
    action({ step: 'S3', action: 'refuse', label: '不予通过', possible: false, why_not: '由上级主管部门办理' }),
  ]
  const { wrapper } = await show(CaseActions, { shown: shown({ actions }) })
  const buttons = wrapper.findAll('button')
  expect(buttons.map((one) => one.text())).toEqual(['通过', '不予通过'])
  expect(buttons.every((one) => one.attributes('disabled') !== undefined)).toBe(true)
  expect(wrapper.text()).toContain('还缺 2 项')
  expect(wrapper.text()).toContain('由上级主管部门办理')
})

function acting(send: (version: number, body: ActBody) => Promise<Case>, given = action({ needs_opinion: true })) {
  let now = shown()
  const used = within(() => useActing({ shown: () => now, action: given, post: 1, send }))
  return { ...used, become: (next: Case) => (now = next) }
}

test('without words nothing is sent, and what was typed is kept until the server has it', async () => {
  sessionStorage.clear()
  const send = vi.fn(async () => shown({ version: 4 }))
  const { typed, missing, sending } = acting(send)
  expect(await sending.run()).toBeNull()
  expect(missing.value.opinion).toBe(true)
  expect(send).not.toHaveBeenCalled()
  typed.value.opinion = '同意'
  await Promise.resolve()
  expect(acting(send).typed.value.opinion).toBe('同意')
  expect((await sending.run())?.done).toBe(true)
  expect(send).toHaveBeenCalledWith(3, expect.objectContaining({ step: 'S2', action: 'approve', opinion: '同意' }))
  expect(readDraft('case.own.7.S2.approve.1')).toBeNull()
})

test('what somebody else did meanwhile is shown, and the words are sent on the new state', async () => {
  sessionStorage.clear()
  const line = { who: '李四', label: '通过', step_name: '步骤S3' } as Case['trace'][number]
  const current = shown({ version: 4, trace: [line] })
  const send = vi.fn(async (version: number) => {
    if (version === 3) throw new Problem({ code: 'changed_meanwhile', current } as never, 412)
    return shown({ version: 5 })
  })
  const { typed, meanwhile, blocked, sending, become } = acting(send)
  typed.value.opinion = '同意'
  const first = await sending.run()
  expect(first?.done).toBe(false)
  become(first!.now)
  expect(meanwhile.value).toEqual([line])
  expect(typed.value.opinion).toBe('同意')
  expect(blocked.value).toBe(false)
  expect((await sending.run())?.done).toBe(true)
})

test('what can no longer be done is not sent again, and its words stay', async () => {
  sessionStorage.clear()
  const current = shown({ version: 4, actions: [] })
  const send = vi.fn(async () => Promise.reject(new Problem({ code: 'changed_meanwhile', current } as never, 412)))
  const { typed, blocked, sending, become } = acting(send)
  typed.value.opinion = '不同意'
  become((await sending.run())!.now)
  expect(blocked.value).toBe(true)
  expect(typed.value.opinion).toBe('不同意')
})

test('a failure on the way keeps the words and says so', async () => {
  sessionStorage.clear()
  const { typed, sending } = acting(() => Promise.reject(new Problem({ code: 'unavailable' }, 503)))
  typed.value.opinion = '同意'
  expect(await sending.run()).toBeUndefined()
  expect(sending.problem.value?.code).toBe('unavailable')
  expect(typed.value.opinion).toBe('同意')
})
