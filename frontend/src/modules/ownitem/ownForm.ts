/** An own item while it is written: what was typed, its faults, the draft, and the save. */
import { computed, ref, shallowRef } from 'vue'
import { Problem } from '@/api/problem'
import type { OwnItem, Value } from '@/api/types'
import { createOwn, saveOwn } from '@/api/own'
import { dropDraft, keepDraft, readDraft } from '@/composables/draft'
import { isEmpty, same } from '@/composables/format'
import { useAction } from '@/composables/resource'

type Content = Record<string, Value>

export function useOwnForm(item: OwnItem | null, draftKey: string) {
  const standing = shallowRef(item)
  const saved = computed<Content>(() => (standing.value?.content ?? {}) as Content)
  const content = ref<Content>({ ...saved.value })
  const refusals = ref<Record<string, string>>({})
  const restoredAt = ref<string | null>(null)
  const names = computed(() => [...new Set([...Object.keys(content.value), ...Object.keys(saved.value)])])
  const changed = computed(() => names.value.filter((name) => !same(content.value[name], saved.value[name])))
  const dirty = computed(() => changed.value.length > 0)

  const draft = readDraft<Content>(draftKey)
  if (draft) {
    content.value = { ...draft.value }
    restoredAt.value = dirty.value ? draft.at : null
  }

  function keep(): void {
    if (dirty.value) keepDraft(draftKey, content.value, standing.value?.version ?? null)
    else dropDraft(draftKey)
  }

  function set(name: string, value: Value): void {
    const { [name]: _, ...rest } = content.value
    content.value = isEmpty(value) ? rest : { ...rest, [name]: value }
    refusals.value = Object.fromEntries(
      Object.entries(refusals.value).filter(([place]) => place !== name && !place.startsWith(`${name}.`)),
    )
    keep()
  }

  function giveUp(): void {
    content.value = { ...saved.value }
    refusals.value = {}
    restoredAt.value = null
    dropDraft(draftKey)
  }

  const saving = useAction(async () => {
    refusals.value = {}
    try {
      const given = Object.fromEntries(changed.value.map((name) => [name, content.value[name] ?? null]))
      standing.value = standing.value
        ? await saveOwn(standing.value.provision_id, standing.value.version, given)
        : await createOwn(given)
      giveUp()
      return standing.value
    } catch (error) {
      keep()
      if (error instanceof Problem)
        refusals.value = Object.fromEntries(
          error.errors.map((one) => [one.field.replace(/^(item\.[^.]+\.)?content\./, ''), one.message]),
        )
      throw error
    }
  })

  return { standing, content, dirty, refusals, restoredAt, set, giveUp, saving }
}
