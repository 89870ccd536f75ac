/** The field descriptions, fetched once per language. */
import { defineStore } from 'pinia'
import { ref } from 'vue'
import type { Choice, Kind, KindDescription } from '@/api/types'
import * as api from '@/api/work'
import { language } from '@/i18n'

export const useKinds = defineStore('kinds', () => {
  const rows = ref<KindDescription[]>([])
  const spoken = ref('')

  async function load(): Promise<KindDescription[]> {
    if (spoken.value !== language.value || rows.value.length === 0) {
      const wanted = language.value
      rows.value = await api.kinds()
      spoken.value = wanted
    }
    return rows.value
  }

  const of = (kind: Kind) => rows.value.find((row) => row.kind === kind)
  /** Choices of a field by which lists are filtered; none where the kind has no such field. */
  const choices = (kind: Kind, field: string): Choice[] =>
    of(kind)?.fields.find((one) => one.name === field)?.choices ?? []

  /** Rows together with what their columns are called, so that no column comes after its rows. */
  async function beside<T>(read: Promise<T>): Promise<T> {
    const [answer] = await Promise.all([read, load()])
    return answer
  }

  return { rows, load, beside, of, choices }
})
