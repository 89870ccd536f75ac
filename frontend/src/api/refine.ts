/**
 * The generated types say `string` and `unknown` where the API means one of a few words, or the
 * value of any field. Here the words are put in, by the name of the member.
 */
import type {
  Applies,
  ChangeKind,
  Claim,
  ConflictState,
  DeliveryState,
  ExemptionCategory,
  ExemptionState,
  FieldType,
  JobState,
  Kind,
  Level,
  Permission,
  ProposalState,
  RolloutMode,
  RolloutState,
  Rule,
  RuleName,
  UpdateRowState,
  Value,
} from './words'

interface Words {
  level: Level
  kind: Kind
  type: FieldType
  rule: RuleName
  rule_before: RuleName
  rule_after: RuleName
  old_rule: RuleName
  new_rule: RuleName
  category: ExemptionCategory
  claim: Claim
  change: ChangeKind
  resolution: 'standard' | 'keep'
  mode: RolloutMode
  set_by: 'standard' | 'amendment' | 'here'
  upper_rule: RuleName
  merged_rule: RuleName
}

interface Shapes {
  permissions: Permission[]
  default_rule: Rule
  applies: Applies
  levels_before: Level[]
  levels_after: Level[]
}

type StateOf<T> = T extends { rollout_state: unknown }
  ? DeliveryState
  : T extends { old_rule: unknown }
    ? UpdateRowState
    : T extends { proposed_by: unknown }
      ? ProposalState
      : T extends { decider: unknown }
        ? ExemptionState
        : T extends { job: unknown }
          ? RolloutState
          : T extends { center: unknown }
            ? DeliveryState
            : T extends { local_value: unknown }
              ? ConflictState
              : JobState

type Member<T, K extends keyof T> = K extends keyof Shapes
  ? Shapes[K] | Extract<T[K], null>
  : unknown extends T[K]
    ? Value
    : K extends 'rules'
      ? T[K] extends string[]
        ? RuleName[]
        : Record<string, Rule>
      : K extends 'state'
        ? string extends T[K]
          ? StateOf<T>
          : T[K]
        : K extends keyof Words
          ? string extends NonNullable<T[K]>
            ? Words[K] | Extract<T[K], null>
            : Refined<T[K]>
          : Refined<T[K]>

export type Refined<T> = T extends (infer Item)[]
  ? Refined<Item>[]
  : T extends object
    ? { [K in keyof T]: Member<T, K> }
    : T
