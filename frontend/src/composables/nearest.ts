import type { Column, RuleName, Value } from '@/api/types'
import { inside, isChange } from './parts'

/** What is left of a value inside a new bound: where somebody who wants to keep it begins. */
export function nearest(
  mine: Value,
  { rule, bound, columns }: { rule: RuleName; bound: Value; columns?: Column[] | null },
): Value {
  if (rule === 'at_most' || rule === 'at_least') return bound
  if (isChange(mine)) return inside(mine, bound, columns ?? [], rule)
  if (!Array.isArray(bound) || !Array.isArray(mine)) return mine
  const [allowed, codes] = [bound as string[], mine as string[]]
  if (rule === 'superset') return [...new Set([...allowed, ...codes])]
  return rule === 'subset' ? codes.filter((code) => allowed.includes(code)) : mine
}
