/** Two people changed the same provision: what each did alone is kept, what both did is asked for. */
import type { KindDescription, KindField, Provision, ProvisionBody, Value } from '@/api/types'
import type { Meanwhile } from '@/components/MeanwhileDialog.vue'
import { same } from '@/composables/format'

export interface MergeWords {
  /** What a rule is called, for a field. */
  rule: (label: string) => string
  ruleName: (rule: string, required: boolean) => string
  applies: string
}

export interface Merge {
  current: Provision
  rows: Meanwhile[]
  /** Labels of what they alone changed, and of what I alone changed. */
  others: string[]
  kept: string[]
  /** Puts onto theirs what I alone changed, and of what both did what was chosen. */
  take: (theirs: ProvisionBody, chosen: string[]) => ProvisionBody
}

/** Something of a provision that is changed as one: a value, a rule, whom it concerns. */
interface Piece {
  key: string
  label: string
  of: (body: ProvisionBody) => unknown
  shown: (body: ProvisionBody) => Meanwhile['mine']
  field: Meanwhile['field']
  put: (from: ProvisionBody, into: ProvisionBody) => ProvisionBody
}

function value(field: KindField): Piece {
  const { name } = field
  return {
    key: name,
    label: field.label,
    field,
    of: (body) => body.content[name] ?? null,
    shown: (body) => body.content[name] ?? null,
    put: (from, into) => {
      const content = { ...into.content }
      if (from.content[name] == null) delete content[name]
      else content[name] = from.content[name] as Value
      return { ...into, content }
    },
  }
}

function rule(field: KindField, words: MergeWords): Piece {
  const key = `rules.${field.name}`
  const label = words.rule(field.label)
  const of = (body: ProvisionBody) => body.rules[field.name] ?? field.default_rule
  return {
    key,
    label,
    field: { name: key, label, type: 'text' },
    of,
    shown: (body) => words.ruleName(of(body).rule, of(body).required ?? false),
    put: (from, into) => ({ ...into, rules: { ...into.rules, [field.name]: of(from) } }),
  }
}

function applies(words: MergeWords): Piece {
  return {
    key: 'applies',
    label: words.applies,
    field: { name: 'applies', label: words.applies, type: 'text' },
    of: (body) => body.applies,
    shown: (body) =>
      Object.values(body.applies)
        .map((part) => part.join('、'))
        .join('；'),
    put: (from, into) => ({ ...into, applies: from.applies }),
  }
}

/** Compares what stood when I began, what they saved and what I wrote. */
export function merged(
  kind: KindDescription,
  base: ProvisionBody,
  current: Provision,
  mine: ProvisionBody,
  words: MergeWords,
): Merge {
  const pieces = [...kind.fields.map(value), ...kind.fields.map((field) => rule(field, words)), applies(words)]
  const byMe = pieces.filter((piece) => !same(piece.of(mine), piece.of(base)))
  const byThem = pieces.filter((piece) => !same(piece.of(current), piece.of(base)))
  const both = byMe.filter((piece) => byThem.includes(piece) && !same(piece.of(mine), piece.of(current)))
  const alone = byMe.filter((piece) => !byThem.includes(piece))
  return {
    current,
    rows: both.map((piece) => ({
      field: { ...piece.field, name: piece.key, label: piece.label },
      base: piece.shown(base),
      theirs: piece.shown(current),
      mine: piece.shown(mine),
    })),
    others: byThem.filter((piece) => !byMe.includes(piece)).map((piece) => piece.label),
    kept: alone.map((piece) => piece.label),
    take: (theirs, chosen) =>
      [...alone, ...both.filter((piece) => chosen.includes(piece.key))].reduce(
        (body, piece) => piece.put(mine, body),
        theirs,
      ),
  }
}
