/** The shapes of the API, as generated, with the words put in. */
import type { Refined } from './refine'
import type { components } from './schema'
import type { Applies, ClaimedKind, Rule, Value, WorkbookOutcome } from './words'

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
  Partial<Pick<KindField, 'unit' | 'help' | 'choices' | 'columns'>> & {
    /** Of a code that names another provision: finds those it may name. */
    search?: (typed: string) => Promise<Choice[]>
  }

export type Standard = Shape<'Standard'>
export type Edition = Shape<'Edition'>
export type ProvisionRow = Shape<'ProvisionRow'>
export type Provision = Shape<'Provision'>
export interface ProvisionBody {
  content: Record<string, Value>
  rules: Record<string, Rule>
  applies: Applies
}
export type Touched = Shape<'Touched'>
export type Impact = Shape<'Impact'>
export type DraftFaults = Shape<'DraftFaultRows'>
export type ReviewStep = Shape<'ReviewStep'>
export type ReviewRule = Shape<'ReviewRule'>
export type Presence = Shape<'Presence'>
export type Label = Shape<'Label'>
export type Labelled = Shape<'Labelled'>
export type Standing = Shape<'Standing'>
export type WorkbookRow = Omit<Shape<'WorkbookRow'>, 'state'> & { state: WorkbookOutcome }
export type WorkbookResult = Omit<Shape<'Workbook'>, 'rows'> & { rows: WorkbookRow[] }
export type ProvisionChange = Shape<'ProvisionChange'>
export type FieldChange = Shape<'FieldChange'>

export type Centers = 'all' | number[]
export type Preview = Shape<'Preview'>
export type Job = Shape<'Job'>
export type Rollout = Shape<'Rollout'>
export type RolloutRow = Shape<'RolloutRow'>
export type Stage = Rollout['stages'][number]
export type RolloutBody = Schemas['RolloutIn']
export type RollbackFigures = Shape<'RollbackFigures'>
export type Returning = Shape<'Returning'>
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

export type Update = Shape<'Update'>
export type UpdateRow = Shape<'UpdateRow'>
export type UpdateAnswerBody = Schemas['AnswerIn']
export type HeldField = Shape<'Held'>
export type CenterProgress = Shape<'CenterProgress'>
export type Exemption = Shape<'Exemption'>
export type ExemptionWish = Schemas['ExemptionIn']

export type Amendment = Shape<'Amendment'>
export type CityAmendment = Shape<'CityAmendment'>
export type AmendedRow = Shape<'AmendedRow'>
export type AmendedField = Shape<'AmendedField'>
export type AmendedProvision = Shape<'AmendedProvision'>
export type FieldToAmend = Shape<'FieldToAmend'>
export type AmendmentConflict = Shape<'AmendmentConflict'>
/** Only what is amended: values as a center sets them, and stricter rules. */
export interface AmendBody {
  content: Record<string, Value>
  rules: Record<string, Rule>
}

export type AcrossRow = Shape<'AcrossRow'>
export type Across = Shape<'Across'>
export type FieldSpread = Across['fields'][number]
export type AcrossCenter = Omit<Shape<'AcrossCenter'>, 'set_by'> & {
  set_by: 'here' | 'standard' | 'amendment' | 'pinned'
}
/** Whose practice a draft's provision was written after, field by field. */
export interface PracticeSource {
  fields: Record<string, { center_id: number; center: string }>
}
export type Proposal = Shape<'Proposal'>
export type ProposalDecision = Schemas['ProposalDecision']

export type CaseRow = Shape<'CaseRow'>
/** A case of the own center, or one of a center below that somebody signs in. */
export type Case = Shape<'Case'> & { center?: { id: number; name: string } }
export type CaseStep = Case['steps'][number]
export type CaseAction = Case['actions'][number]
export type CaseDocument = Case['documents'][number]
/** A document in the list of a center, with the case it is attached to. */
export type DocumentRow = Shape<'DocumentRow'>
export type PrintedForm = Shape<'Print'>
export type CaseBody = Schemas['CaseIn']
/** What a case is begun about: a record, or what is known of one elsewhere. */
export interface CaseSubject {
  name: string
  provision_id: number
  fields: { name: string; effective: Value }[]
}
export type ActBody = Schemas['ActIn']
export type ConsentRow = Shape<'ConsentWaiting'>
export type Signed = Schemas['Signed']
export type EscalationRow = Shape<'EscalationRow'>
export type CaseCounts = Shape<'CaseCounts'>
export type HandoverBody = Schemas['HandoverIn']
export type Handed = Shape<'Handed'>
export type Calendar = Shape<'Calendar'>
export type CalendarDay = Calendar['days'][number]

export type AdjustmentRow = Shape<'AdjustmentRow'>
export type GivenUpItem = Shape<'GivenUp'>
export type HandlingRow = Shape<'HandlingRow'>
export type Finding = Shape<'Finding'>
export type FindingRow = Shape<'FindingRow'>
export type QualityFigures = Shape<'QualityFigures'>
export type QualityRow = Shape<'QualityRow'>
/** How something that a center offers stands. */
export type Entry = Omit<Shape<'EntryRow'>, 'mode'> & { mode: string | null }
export type EntryFigures = Shape<'EntryFigures'>
export type EntryRate = Shape<'EntryRate'>
export type EntryRates = Shape<'Rates'>
export type EntryChange = Omit<Shape<'Change'>, 'mode' | 'change' | 'object'> & {
  mode: string | null
  change: string
  object: ClaimedKind
}
export type EntriesBelow = Shape<'Below'>
export type EntryBelow = Shape<'BelowRow'>
export type Hit = Shape<'Hit'>
export type HitGroup = Shape<'HitGroup'>

export type Desk = Shape<'Desk'>
export type Notice = Shape<'Notice'>

export type Reaching = Shape<'Reaching'>
export type Nature = 'general' | 'line' | 'own' | 'amendment'
/** The upper one of two standards that meet comes first. */
export type Side = 'first' | 'second'
export type Collision = Shape<'Collision'>
export type CollisionInFull = Shape<'CollisionInFull'>
export type CollisionSide = Collision[Side]

export type OwnItem = Shape<'OwnItem'>
export type OwnItemRow = Shape<'OwnItemRow'>
export type OwnImported = Shape<'OwnImported'>
export type Suggestion = Shape<'TakeoverSuggestion'>
export type Candidate = Shape<'TakeoverCandidate'>
export type TakenOver = Shape<'TakenOver'>
export type DroppedItem = Shape<'DroppedItem'>
export interface Pair {
  own_provision_id: number
  provision_id: number
}

export type Hall = Shape<'Hall'>
export type HallRow = Shape<'HallRow'>
export type HallMap = Shape<'HallMap'>
export type HallBody = Schemas['HallIn']
export type HallDay = Hall['days'][number]
export type HallDayBody = Schemas['HallDayIn']
export type Zone = Hall['zones'][number]
export type ZoneBody = Schemas['ZoneIn']
/** A window as the map and the lists show it. */
export type HallWindow = Shape<'WindowOnMap'>
export type WindowRow = Shape<'WindowRow'>
export type WindowInFull = Shape<'Window'>
export type WindowBody = Schemas['WindowChange']
export type WindowAssignment = Shape<'AssignmentRow'>
export type ItemChoice = Shape<'ItemChoice'>
export type ArrangedDepartment = HallMap['departments'][number]
export interface Place {
  zone_id: number | null
  x: number | null
  y: number | null
}
/** Hours by the day of the week, Monday is 1: pairs of times. */
export type Week = Schemas['Week']
export type Weekday = keyof Week
export type OpenDay = Shape<'OpenDay'>

export type CampaignBody = Schemas['CampaignIn']
export type CampaignChoice = Schemas['ChoiceIn']
export type CampaignPreview = Shape<'CampaignPreview'>
export type Campaign = Shape<'Campaign'>
export type CampaignRow = Shape<'CampaignRow'>
export type CampaignItem = Shape<'CampaignItem'>
export type JointOffer = Shape<'JointOffer'>
export type JointAct = Shape<'JointAct'>
export type JointActRow = Shape<'JointActRow'>
export type JointActCase = Shape<'JointActCase'>
export type PublicationRow = Shape<'PublicationRow'>
export type Publication = Shape<'PublicationInFull'>
export type Objection = Publication['objections'][number]
export type AnswerBody = Schemas['ObjectionAnswerIn']
export type ObjectionBody = Schemas['ObjectionIn']
export type ObjectionReceipt = Schemas['ObjectionReceipt']
export type DisclosedContact = Shape<'DisclosedContact'>
/** The roster speaks in words of its own: nothing of it is refined by the names of its members. */
export type RosterRow = Schemas['RosterRow']
export type RosterFigures = Schemas['RosterFigures']
export type RosterCenter = Schemas['RosterCenter']
export type RosterCenters = Schemas['RosterCenters']
/** Everything of one department on one page. */
export type WholeDepartment = Schemas['Department']
export type ExitGroup = Schemas['ExitGroup']
export type SupportLine = Schemas['SupportLine']
export type SupportTemplate = Schemas['SupportTemplate']
export type SupportTemplateLine = Schemas['SupportTemplateLine']
export type SupportChange = Schemas['SupportChange']
export type Equipment = Schemas['Equipment']
export type EquipmentSaid = Schemas['EquipmentIn']
export type EquipmentChange = Schemas['EquipmentChange']
export type ClosingBody = Schemas['ClosingIn']
export type EquipmentChoices = Schemas['EquipmentChoices']
export type DepartmentAssessment = Schemas['Assessment']
export type EvaluationRule = Schemas['EvaluationRule']

export type Digest = Shape<'Digest'>
export type DigestChoice = Schemas['DigestIn']
