/** Asking for an exemption from the page of a record: what may be asked for, and what is on its way. */
import { computed, ref } from 'vue'
import { exemptions } from '@/api/received'
import type { CenterRecord, RecordField } from '@/api/types'
import { useSession } from '@/stores/session'

export function useAsking(record: () => CenterRecord, own: () => boolean) {
  const session = useSession()
  const waiting = ref(new Set<string>())
  const may = computed(
    () => own() && record().id != null && record().claim === 'offered' && session.can('exemption.ask'),
  )

  async function look(): Promise<void> {
    if (!may.value) return
    const query = { provision_id: record().provision_id, state: 'asked', per_page: 100 }
    // The page does without: what is on its way also stands in its own list.
    const found = await exemptions(query).catch(() => null)
    waiting.value = new Set(found?.rows.map((row) => row.field) ?? [])
  }
  void look()

  /** Where nothing stands in the way there is nothing to ask for. */
  const mayAsk = (field: RecordField) =>
    may.value && !['local', 'default', 'exempt'].includes(field.rule) && !field.pin && !waiting.value.has(field.name)

  return { may, mayAsk, waiting, look }
}
