/** What is typed into a new roll-out, and what is sent of it. */
import type { Stages } from '@/api/rollouts'
import type { Center, RolloutBody, RolloutMode } from '@/api/types'

export type Who = 'all' | 'centers' | 'labels' | 'levels'

export interface StagePlan {
  /** Only for the page: which card is which while cards come and go. */
  key: number
  name: string
  who: Who
  centers: number[]
  labels: string[]
  levels: string[]
  approval: boolean
  waitDays: number
  limited: boolean
  mostFailed: number
}

export interface Plan {
  stages: StagePlan[]
  mode: RolloutMode
  startsOn: string | null
  noticeDays: number
  deadline: string | null
  reason: string
}

let cards = 0
export const newStage = (part: Partial<StagePlan> = {}): StagePlan => ({
  name: '',
  who: 'all',
  centers: [],
  labels: [],
  levels: [],
  approval: false,
  waitDays: 0,
  limited: false,
  mostFailed: 0,
  ...part,
  key: ++cards,
})

export const newPlan = (): Plan => ({
  stages: [newStage()],
  mode: 'at_once',
  startsOn: null,
  noticeDays: 30,
  deadline: null,
  reason: '',
})

/** Cards kept in storage get keys of this page, so that none is there twice. */
export const revived = (plan: Plan): Plan => ({ ...plan, stages: plan.stages.map((stage) => newStage(stage)) })

/** Pilot counties, then the cities they belong to, then everybody, each with a person's word before. */
export function pilotStages(pilots: number[], centers: Center[], names: [string, string, string]): StagePlan[] {
  const byId = new Map(centers.map((center) => [center.id, center]))
  const cityOf = (id: number) => (byId.get(id)?.level === 'county' ? (byId.get(id)?.parent_id ?? id) : id)
  const cities = [...new Set(pilots.map(cityOf))]
  const around = centers.filter((one) => cities.includes(one.id) || cities.includes(one.parent_id ?? 0))
  const rest = around.map((one) => one.id).filter((id) => !pilots.includes(id))
  const middle = rest.length > 0 ? [newStage({ name: names[1], who: 'centers', centers: rest, approval: true })] : []
  return [
    newStage({ name: names[0], who: 'centers', centers: pilots }),
    ...middle,
    newStage({ name: names[2], approval: true }),
  ]
}

function chosen(stage: StagePlan): Stages[number]['chosen'] {
  if (stage.who === 'all') return { all: true }
  return { [stage.who]: stage[stage.who] } as Stages[number]['chosen']
}

export const stagesOf = (plan: Plan): Stages =>
  plan.stages.map((stage, place) => ({
    name: stage.name.trim(),
    chosen: chosen(stage),
    gate: {
      approval: place > 0 && stage.approval,
      wait_days: place > 0 ? stage.waitDays : 0,
      max_failed_percent: place > 0 && stage.limited ? stage.mostFailed : null,
    },
  }))

export function bodyOf(plan: Plan): RolloutBody {
  const noticed = plan.mode === 'with_notice'
  return {
    stages: stagesOf(plan),
    mode: plan.mode,
    starts_on: plan.startsOn,
    notice_days: noticed ? plan.noticeDays : null,
    deadline: noticed ? plan.deadline : null,
    reason: plan.reason.trim(),
  }
}

/** Nobody is named in this stage yet. */
export const isEmpty = (stage: StagePlan) => stage.who !== 'all' && stage[stage.who].length === 0

/** On which step of the page a field that the server names stands. */
export function stepOf(field: string): number {
  if (field.startsWith('stages') || field === 'centers') return 1
  return field === 'reason' ? 4 : 2
}
