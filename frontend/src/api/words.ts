/** The words of the API: codes that mean something to the console, and what a field may hold. */

import type { components } from './schema'

/** In the console an address gives an id as text, the API as a number. */
export type Key = number | string

export type Permission =
  | 'center.read'
  | 'standard.read'
  | 'standard.write'
  | 'standard.publish'
  | 'edition.review'
  | 'rollout.read'
  | 'rollout.run'
  | 'coverage.read'
  | 'item.read'
  | 'item.write'
  | 'item.claim'
  | 'department.read'
  | 'department.write'
  | 'department.claim'
  | 'conflict.read'
  | 'conflict.settle'
  | 'job.read'
  | 'job.run'
  | 'label.write'
  | 'collision.settle'
  | 'item.takeover'
  | 'update.answer'
  | 'exemption.ask'
  | 'exemption.decide'
  | 'amendment.settle'
  | 'comparison.read'
  | 'proposal.write'
  | 'proposal.decide'
  | 'procedure.read'
  | 'procedure.propose'
  | 'procedure.decide'
  | 'procedure.consent'
  | 'objection.contact'
  | 'procedure.urge'
  | 'calendar.write'
  | 'hall.read'
  | 'hall.write'

/** Kinds that each center answers to; they have lists and records of their own. */
export type ClaimedKind = 'item' | 'department'
/** Every kind the server describes; no page knows them by name. */
export type Kind = string
export type Level = 'province' | 'city' | 'county'
export type FieldType =
  | 'text'
  | 'long_text'
  | 'code'
  | 'integer'
  | 'money'
  | 'percent'
  | 'grade'
  | 'boolean'
  | 'choice'
  | 'choices'
  | 'codes'
  | 'phone'
  | 'parts'
export type RuleName = 'fixed' | 'at_most' | 'at_least' | 'subset' | 'superset' | 'default' | 'local' | 'exempt'
export interface Rule {
  rule: RuleName
  required?: boolean
  /** Of parts: what a lower level may do with each column. */
  columns?: Record<string, RuleName>
}
export type DepartmentClass = NonNullable<components['schemas']['Applies']['classes']>[number]
/** Whom a provision concerns; what is left out narrows nothing. */
export interface Applies {
  levels: Level[]
  classes?: DepartmentClass[]
  /** Centers, each with everything below it. */
  regions?: number[]
  labels?: string[]
}
export type EditionState = 'draft' | 'review' | 'approved' | 'published' | 'withdrawn'
/** What becomes of a row of a workbook that came back. */
export type WorkbookOutcome = 'new' | 'changed' | 'removed' | 'unchanged' | 'refused' | 'stale'
export type Claim = 'unclaimed' | 'offered' | 'not_offered' | 'covered_by'
export type ChangeKind = 'added' | 'changed' | 'removed'
export type JobState = 'queued' | 'running' | 'done' | 'failed' | 'cancelled'
export type RolloutState = 'scheduled' | 'queued' | 'running' | 'waiting' | 'paused' | 'done' | 'failed' | 'cancelled'
export type RolloutMode = 'at_once' | 'with_notice' | 'on_offer'
export type RolloutAct = 'pause' | 'resume' | 'stop' | 'retry' | 'rollback' | 'leave_out'
export type DeliveryState =
  | 'planned'
  | 'announced'
  | 'accepted'
  | 'postponed'
  | 'declined'
  | 'waiting'
  | 'exempt'
  | 'adopted'
  | 'unchanged'
  | 'rolled_back'
  | 'failed'
/** What becomes of a field that an edition changes. */
export type UpdateRowState =
  'conflict' | 'stays_different' | 'postponed' | 'exempt' | 'comes_through' | 'fixed' | 'added' | 'removed'
export type ExemptionState = 'asked' | 'granted' | 'refused' | 'taken_back' | 'ended'
export type ExemptionCategory = 'waiver' | 'other_means'
export type ProposalState = 'open' | 'accepted' | 'declined' | 'taken_back'
export type ConflictState = 'open' | 'settled'

/** One of a list of objects, known by its code. */
export type Part = Record<string, string | number | boolean | string[] | null>
/** What a lower level changes in a list of parts, by code. */
export interface PartsChange {
  drop?: string[]
  add?: Part[]
  set?: Record<string, Part>
}
export type Value = string | number | boolean | string[] | Part[] | PartsChange | null
