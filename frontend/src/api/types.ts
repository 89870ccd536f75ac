/** The shapes the API sends and takes. */

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

export type Kind = 'item' | 'department'
export type Level = 'province' | 'city' | 'county'

export interface Page<Row> {
  rows: Row[]
  total: number
  page: number
  per_page: number
}
export interface Named {
  id: Key
  name: string
}

// Session

export interface CenterRef extends Named {
  code: string
  level: Level
}
export interface Post {
  id: Key
  role: { code: string; name: string }
  center: CenterRef
  departments: string[] | null
}
export interface Me {
  account: { id: Key; username: string; name: string }
  must_change_password: boolean
  post: Post
  posts: Post[]
  permissions: Permission[]
  csrf_token: string
  idle_minutes: number
}

// Field descriptions and values

export type FieldType =
  'text' | 'long_text' | 'code' | 'integer' | 'money' | 'choice' | 'choices' | 'phone' | 'materials'
export type RuleName = 'fixed' | 'at_most' | 'subset' | 'default' | 'local'
export interface Rule {
  rule: RuleName
  required?: boolean
}
export interface Choice {
  code: string
  label: string
}
export interface Column {
  name: string
  label: string
  type: FieldType | 'boolean'
  choices?: Choice[] | null
  required?: boolean
}
export type Material = Record<string, string | number | boolean | null>
export type Value = string | number | boolean | string[] | Material[] | null

/** What is needed to show or edit a value of any field. */
export interface FieldShape {
  name: string
  label: string
  type: FieldType
  unit?: string | null
  help?: string | null
  choices?: Choice[] | null
  columns?: Column[] | null
}
export interface KindField extends FieldShape {
  rules: RuleName[]
  default_rule: Rule
  required: boolean
}
export interface KindDescription {
  kind: Kind
  name: string
  fields: KindField[]
}

// Standards

export interface Standard {
  id: Key
  code: string
  name: string
  owner: Named
  latest: { id: Key; number: number; published_at: string; effective_on: string } | null
  draft: { id: Key; changes: number } | null
  centers_adopted: number
  centers_total: number
}
export interface Edition {
  id: Key
  standard_id: Key
  number: number | null
  title: string
  state: 'draft' | 'published'
  effective_on: string | null
  published_at: string | null
  published_by: string | null
  created_at: string
  entries: number
  changes: number
  content_hash: string | null
  version: number
  adopted_centers: number
  base_id: Key | null
  /** Whether the center of the present post owns it. */
  own: boolean
  standard: { id: Key; code: string; name: string }
}
export type ChangeKind = 'added' | 'changed' | 'removed'
export interface ProvisionRow {
  provision_id: Key | null
  kind: Kind
  code: string
  name: string
  item_type: string | null
  department_code: string | null
  department_name: string | null
  change: ChangeKind | null
  committed_limit: number | null
  statutory_limit: number | null
}
export interface ProvisionBody {
  content: Record<string, Value>
  rules: Record<string, Rule>
  applies: { levels: Level[] }
}
export interface Provision extends ProvisionBody {
  provision_id: Key | null
  kind: Kind
  code: string
  base: ProvisionBody | null
  change: ChangeKind | null
  version: number
}
export interface FieldChange {
  field: string
  label: string
  before: Value
  after: Value
  rule_before?: RuleName | null
  rule_after?: RuleName | null
}
export interface ProvisionChange {
  kind: Kind
  code: string
  name: string
  change: ChangeKind
  levels_before?: Level[] | null
  levels_after?: Level[] | null
  fields: FieldChange[]
}

// Rolling out

export type Centers = 'all' | Key[]
export interface Preview {
  centers: number
  already_there: number
  provisions_added: number
  provisions_changed: number
  provisions_removed: number
  new_duties: number
  conflicts_total: number
  conflicts: {
    center: Named
    kind: Kind
    code: string
    name: string
    field: string
    label: string
    local_value: Value
    bound: Value
    rule: RuleName
  }[]
}
export type JobState = 'queued' | 'running' | 'done' | 'failed' | 'cancelled'
export interface Job {
  id: Key
  name?: string
  state: JobState
  done: number
  total: number | null
  error: string | null
  finished_at?: string | null
}
export type DeliveryState = 'announced' | 'adopted' | 'unchanged' | 'failed'
export interface Rollout {
  id: Key
  edition: { id: Key; number: number; title: string }
  standard: Named
  mode: string
  state: JobState
  created_at: string
  created_by: string | null
  finished_at: string | null
  reason: string | null
  counts: Record<DeliveryState, number>
  total: number
  conflicts: number
  job: Job | null
}
export interface Delivery {
  center: CenterRef & { city_id: Key | null; city_name: string | null }
  state: DeliveryState
  conflicts: number
  error: string | null
  finished_at: string | null
}

// Supervision

export interface Center extends CenterRef {
  parent_id: Key | null
  parent_name: string | null
}
export interface CoverageFigures {
  duties: number
  offered: number
  not_offered: number
  covered: number
  open: number
  incomplete: number
  conflicts: number
}
export interface CoverageRow extends CoverageFigures {
  center: CenterRef & { has_children: boolean }
}
export interface Coverage {
  center: CenterRef
  total: CoverageFigures
  own?: CoverageFigures | null
  rows: CoverageRow[]
}

// A center's own work

export type Claim = 'unclaimed' | 'offered' | 'not_offered' | 'covered_by'
export interface CoveredBy {
  provision_id: Key
  name: string
}
export interface Duty {
  provision_id: Key
  item_id: Key | null
  code: string
  name: string
  item_type: string | null
  department_code: string | null
  department_name: string | null
  claim: Claim
  reason: string | null
  covered_by: CoveredBy | null
  statutory_limit: number | null
  committed_limit: number | null
}
export interface ClaimRequest {
  provision_ids?: Key[]
  all_matching?: Record<string, string>
  claim: Exclude<Claim, 'unclaimed'>
  reason?: string
  covered_by_id?: Key
}
export interface ClaimResult {
  claimed: number
  unchanged: number
  refused: number
  /** The refused ones, at most 200. */
  rows: { provision_id: Key; code?: string; name?: string; result: string; message: string }[]
}
export interface RecordRow {
  id: Key
  provision_id: Key
  code: string
  name: string
  item_type: string | null
  department_code: string | null
  department_name: string | null
  statutory_limit: number | null
  committed_limit: number | null
  visit_count: number | null
  fee: number | null
  missing: number
  conflicts: number
  differs: number
  version: number
  [field: string]: Value | undefined
}
export interface RecordField extends FieldShape {
  rule: RuleName
  required: boolean
  standard: Value
  bound: Value
  local: Value
  effective: Value
  set_by: 'standard' | 'here'
  set_by_name: string | null
  set_under: { number: number; title: string } | null
  set_at: string | null
  editable: boolean
  why: string
  missing: boolean
  conflict: { id: Key; local_value: Value; rule: RuleName; bound: Value } | null
}
export interface CenterRecord {
  id: Key | null
  provision_id: Key
  kind: Kind
  code: string
  name: string
  department_name?: string
  claim: Claim
  reason: string | null
  covered_by: CoveredBy | null
  version: number
  edition: { id: Key; number: number; title: string; effective_on: string | null }
  standard: { id: Key; name: string; owner: { id: Key; name: string; level: Level } }
  missing: number
  fields: RecordField[]
  actions: { edit: boolean; claim: boolean }
}
export interface HistoryEntry {
  at: string
  actor: string | null
  action: string
  changes: { field: string; label: string; before: Value; after: Value }[]
  edition: { number: number } | null
}
export interface Conflict {
  id: Key
  kind: Kind
  record_id: Key
  code: string
  name: string
  field: string
  label: string
  type: FieldType
  unit: string | null
  columns: Column[] | null
  choices?: Choice[] | null
  rule: RuleName
  local_value: Value
  bound: Value
  standard_value: Value
  edition: { id: Key; number: number }
  opened_at: string
  state: 'open' | 'settled'
  resolution: 'standard' | 'keep' | null
  settled_value: Value
  reason: string | null
  settled_by: string | null
  settled_at: string | null
}

// Desk

export interface Desk {
  todo: { code: string; count: number; to: string }[]
  figures: { code: string; value: number; of: number | null }[]
  received: { standard: string; edition_number: number; title: string; at: string; conflicts: number }[]
  rollouts: Rollout[]
  drafts: { id: Key; title: string; changes: number; standard: string }[]
}
