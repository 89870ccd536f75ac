import { describe, expect, test } from 'vitest'
import type { Center } from '@/api/types'
import { bodyOf, isEmpty, newPlan, newStage, pilotStages, stagesOf, stepOf } from '@/modules/rollout/plan'
import { isOpen, isRunning, left, meant, reached, wentBack } from '@/composables/rollout'

const center = (id: number, level: Center['level'], parent: number | null): Center => ({
  id,
  code: String(id),
  name: `中心${id}`,
  level,
  development_zone: false,
  parent_id: parent,
  parent_name: null,
})
const CENTERS = [
  center(1, 'province', null),
  center(10, 'city', 1),
  center(11, 'county', 10),
  center(12, 'county', 10),
  center(20, 'city', 1),
  center(21, 'county', 20),
]
const NAMES: [string, string, string] = ['a', 'b', 'c']

describe('stages of a pilot', () => {
  test('are the pilots, the rest of their cities, and everybody', () => {
    const stages = pilotStages([11], CENTERS, NAMES)
    expect(stages.map((stage) => stage.centers)).toEqual([[11], [10, 12], []])
    expect(stages.map((stage) => stage.approval)).toEqual([false, true, true])
    expect(stages[2]!.who).toBe('all')
  })

  test('leave no empty stage where a pilot is a whole city', () => {
    expect(pilotStages([20, 21], CENTERS, NAMES).map((stage) => stage.centers)).toEqual([[20, 21], []])
  })
})

describe('what is sent', () => {
  test('has a gate before each stage but the first', () => {
    const gate = { approval: true, waitDays: 3, limited: true, mostFailed: 5 }
    const plan = { ...newPlan(), stages: [newStage(gate), newStage(gate)] }
    expect(stagesOf(plan).map((stage) => stage.gate)).toEqual([
      { approval: false, wait_days: 0, max_failed_percent: null },
      { approval: true, wait_days: 3, max_failed_percent: 5 },
    ])
  })

  test('names whom the stage chooses, in the way it is chosen', () => {
    const plan = newPlan()
    expect(stagesOf(plan)[0]!.chosen).toEqual({ all: true })
    plan.stages = [newStage({ who: 'labels', labels: ['山区'], centers: [3] })]
    expect(stagesOf(plan)[0]!.chosen).toEqual({ labels: ['山区'] })
  })

  test('says days of notice only where there is notice', () => {
    expect(bodyOf(newPlan())).toMatchObject({ mode: 'at_once', notice_days: null, deadline: null })
    const noticed = { ...newPlan(), mode: 'with_notice' as const, deadline: '2027-01-01' }
    expect(bodyOf(noticed)).toMatchObject({ notice_days: 30, deadline: '2027-01-01' })
  })
})

test('a stage that names nobody is empty', () => {
  expect(isEmpty(newStage())).toBe(false)
  expect(isEmpty(newStage({ who: 'centers' }))).toBe(true)
})

test('a refusal is shown on the step of its field', () => {
  expect(['stages.1.chosen', 'deadline', 'starts_on', 'reason'].map(stepOf)).toEqual([1, 2, 2, 4])
})

test('a roll-out that waits is open, and no job is at it', () => {
  expect([isOpen('waiting'), isRunning('waiting'), isOpen('done')]).toEqual([true, false, false])
  const none = { planned: 2, announced: 1, accepted: 0, postponed: 0, declined: 1, waiting: 0 }
  const counts = { ...none, exempt: 1, adopted: 4, unchanged: 1, rolled_back: 1, failed: 1 }
  const one = { counts, total: 12 }
  expect([reached(one), meant(one), left(one), wentBack(one)]).toEqual([7, 11, 3, false])
  expect(wentBack({ counts: { ...counts, adopted: 0 } })).toBe(true)
})
