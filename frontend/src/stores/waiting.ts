/** How much waits behind an entry of the navigation; pages on which something is done ask anew. */
import { defineStore } from 'pinia'
import { ref } from 'vue'
import { asProblem } from '@/api/problem'
import { navigation } from '@/modules'
import { useSession } from './session'

export const useWaiting = defineStore('waiting', () => {
  const counts = ref<Record<string, number>>({})

  /** What cannot be counted now is counted in a minute; the page itself says what is wrong. */
  async function refresh(): Promise<void> {
    const session = useSession()
    const asked = navigation.filter(
      (entry) => entry.count && session.can(entry.permission) && session.can(entry.counted),
    )
    const found = await Promise.all(
      asked.map((entry) =>
        entry.count!().catch((error: unknown) => {
          asProblem(error)
          return counts.value[entry.to] ?? 0
        }),
      ),
    )
    counts.value = Object.fromEntries(asked.map((entry, place) => [entry.to, found[place]!]))
  }

  return { counts, refresh }
})
