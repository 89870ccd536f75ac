import { expect, test, vi } from 'vitest'
import { nextTick, shallowRef } from 'vue'
import { Problem } from '@/api/problem'
import type { CenterRecord } from '@/api/types'
import { clearDrafts, keepDraft, readDraft } from '@/composables/draft'
import { useAction, useResource } from '@/composables/resource'
import { useRecordForm } from '@/modules/record/recordForm'
import { field, record, settled, within } from './support'

function later<T>() {
  let done!: (value: T) => void
  const promise = new Promise<T>((resolve) => (done = resolve))
  return { promise, done }
}

test('a second click while the first is under way does nothing', async () => {
  const wait = later<number>()
  const act = vi.fn(() => wait.promise)
  const { run, pending } = useAction(act)
  const first = run()
  expect(pending.value).toBe(true)
  await run()
  wait.done(1)
  expect(await first).toBe(1)
  expect(act).toHaveBeenCalledTimes(1)
  expect(pending.value).toBe(false)
})

test('an older answer that comes late does not overwrite a newer one', async () => {
  const first = later<string>()
  const second = later<string>()
  const answers = [first, second]
  let asked = 0
  const { data, reload } = useResource(() => answers[asked++]!.promise)
  void reload()
  second.done('new')
  await settled()
  first.done('old')
  await settled()
  expect(data.value).toBe('new')
})

function form(
  options: { save?: (version: number, local: object) => Promise<CenterRecord>; standing?: CenterRecord } = {},
) {
  const standing = shallowRef<CenterRecord | null>(options.standing ?? record())
  const save = vi.fn(options.save ?? (async () => record({ version: 4 })))
  const used = within(() =>
    useRecordForm({ record: standing, draftKey: 'item.7', save, reread: async () => record({ version: 9 }) }),
  )
  return { ...used, standing, save }
}
const limit = (one: CenterRecord) => one.fields[0]!

test('only what was changed is saved, with the version it was read with', async () => {
  const { set, saving, save, standing, changed } = form()
  set(limit(standing.value!), 5)
  expect(await saving.run()).toBe(true)
  expect(save).toHaveBeenCalledWith(3, { committed_limit: 5 })
  expect(changed.value).toEqual([])
  expect(readDraft('item.7')).toBeNull()
})

test('typing the old value again is no change', () => {
  const { set, changed, standing } = form()
  set(limit(standing.value!), 5)
  set(limit(standing.value!), null)
  expect(changed.value).toEqual([])
})

test('a value over the bound is not sent, one inside it is', async () => {
  const { set, saving, save, standing, errorOf } = form()
  set(limit(standing.value!), 11)
  expect(await saving.run()).toBe(false)
  expect(errorOf(limit(standing.value!))).toContain('10')
  set(limit(standing.value!), 9)
  expect(await saving.run()).toBe(true)
  expect(save).toHaveBeenCalledTimes(1)
})

test('a refusal stands at its field, and what was typed stays in the draft', async () => {
  const { set, saving, standing, errorOf, valueOf } = form({
    save: async () => {
      throw new Problem({ code: 'invalid', errors: [{ field: 'local.committed_limit', message: '不得超过 3' }] }, 422)
    },
  })
  set(limit(standing.value!), 5)
  await saving.run()
  expect(errorOf(limit(standing.value!))).toBe('不得超过 3')
  expect(valueOf(limit(standing.value!))).toBe(5)
  expect(readDraft<object>('item.7')?.value).toEqual({ committed_limit: 5 })
})

test('a draft comes back, without fields that can no longer be changed', () => {
  keepDraft('item.7', { committed_limit: 5, window: '3号' }, 2)
  const standing = record({
    fields: [field(), field({ name: 'window', label: '办理窗口', type: 'text', rule: 'fixed', editable: false })],
  })
  const { restore, changed, restoredAt } = form({ standing })
  restore()
  expect(changed.value).toEqual(['committed_limit'])
  expect(restoredAt.value).not.toBeNull()
})

test('when somebody saved in between, theirs stands beside mine and only what I choose is saved on top', async () => {
  const theirs = record({
    version: 8,
    fields: [
      field({ local: 4 }),
      field({ name: 'window', label: '办理窗口', type: 'text', rule: 'local', local: '9号', bound: null }),
    ],
  })
  const answers = [
    async () => {
      throw new Problem({ code: 'changed_meanwhile', current: theirs }, 412)
    },
    async () => record({ version: 9 }),
  ]
  const { set, saving, standing, meanwhile, decide, save } = form({ save: () => answers.shift()!() })
  set(limit(standing.value!), 6)
  expect(await saving.run()).toBe(false)
  expect(meanwhile.value?.rows).toMatchObject([{ theirs: 4, mine: 6 }])
  expect(meanwhile.value?.others).toEqual(['办理窗口'])
  expect(await decide(['committed_limit'])).toBe(true)
  expect(save).toHaveBeenLastCalledWith(8, { committed_limit: 6 })
})

test('taking theirs saves nothing and forgets mine', async () => {
  const theirs = record({ version: 8, fields: [field({ local: 4 })] })
  const { set, saving, standing, decide, save, changed } = form({
    save: async () => {
      throw new Problem({ code: 'changed_meanwhile', current: theirs }, 412)
    },
  })
  set(limit(standing.value!), 6)
  await saving.run()
  expect(await decide([])).toBe(true)
  expect(save).toHaveBeenCalledTimes(1)
  expect(changed.value).toEqual([])
  expect(standing.value?.version).toBe(8)
  await nextTick()
})

test('signing out leaves no draft behind', () => {
  keepDraft('item.7', { a: 1 }, 1)
  sessionStorage.setItem('other', 'stays')
  clearDrafts()
  expect(readDraft('item.7')).toBeNull()
  expect(sessionStorage.getItem('other')).toBe('stays')
})
