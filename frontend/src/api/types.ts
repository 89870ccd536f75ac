/** The shapes of the API, as generated, with the words put in. */
import type { Refined } from './refine'
import type { components } from './schema'
import type { Level, Rule, Value } from './words'

export * from './words'

type Schemas = components['schemas']
type Shape<Name extends keyof Schemas> = Refined<Schemas[Name]>

export interface Page<Row> {
  rows: Row[]
  total: number
  page: number
  per_page: number
}

export type Me = Shape<'Me'>

export type Choice = Shape<'Choice'>
export type Column = Shape<'Column'>
export type KindDescription = Shape<'Kind'>
export type KindField = Shape<'KindField'>
/** What is needed to show or edit a value of any field. */
export type FieldShape = Pick<KindField, 'name' | 'label' | 'type'> &
  Partial<Pick<KindField, 'unit' | 'help' | 'choices' | 'columns'>>

export type Standard = Shape<'Standard'>
export type Edition = Shape<'Edition'>
export type ProvisionRow = Shape<'ProvisionRow'>
export type Provision = Shape<'Provision'>
export interface ProvisionBody {
  content: Record<string, Value>
  rules: Record<string, Rule>
  applies: { levels: Level[] }
}
export type ProvisionChange = Shape<'ProvisionChange'>
export type FieldChange = Shape<'FieldChange'>

export type Centers = 'all' | number[]
export type Preview = Shape<'Preview'>
export type Job = Shape<'Job'>
export type Rollout = Shape<'Rollout'>
export type Delivery = Shape<'Delivery'>

export type Center = Shape<'Center'>
export type CoverageFigures = Shape<'Figures'>
export type CoverageRow = Shape<'CoverageRow'>
export type Coverage = Shape<'Coverage'>
export type FoundItem = Shape<'Found'>

export type Duty = Shape<'Duty'>
export type ClaimRequest = Schemas['Claim']
export type ClaimResult = Shape<'Claimed'>
export type RecordRow = Shape<'ItemRow'> | Shape<'DepartmentRow'>
export type CenterRecord = Shape<'Record'>
export type RecordField = Shape<'RecordField'>
export type HistoryEntry = Shape<'History'>
export type Conflict = Shape<'Conflict'>

export type Desk = Shape<'Desk'>
export type Notice = Shape<'Notice'>
