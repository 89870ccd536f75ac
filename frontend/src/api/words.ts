/** The words of the API: codes that mean something to the console, and what a field may hold. */

/** In the console an address gives an id as text, the API as a number. */
export type Key = number | string

export type Permission =
  | 'center.read'
  | 'standard.read'
  | 'standard.write'
  | 'standard.publish'
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

export type Kind = 'item' | 'department'
export type Level = 'province' | 'city' | 'county'
export type FieldType =
  'text' | 'long_text' | 'code' | 'integer' | 'money' | 'choice' | 'choices' | 'phone' | 'materials'
export type RuleName = 'fixed' | 'at_most' | 'subset' | 'default' | 'local'
export interface Rule {
  rule: RuleName
  required?: boolean
}
export type Claim = 'unclaimed' | 'offered' | 'not_offered' | 'covered_by'
export type ChangeKind = 'added' | 'changed' | 'removed'
export type JobState = 'queued' | 'running' | 'done' | 'failed' | 'cancelled'
export type DeliveryState = 'announced' | 'adopted' | 'unchanged' | 'failed'
export type ConflictState = 'open' | 'settled'

export type Material = Record<string, string | number | boolean | null>
export type Value = string | number | boolean | string[] | Material[] | null
