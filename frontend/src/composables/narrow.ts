/** Whether there is little room, by the same measure as in the styles. */
import { onScopeDispose, ref } from 'vue'

export function useNarrow() {
  const screen = matchMedia('(max-width: 1150px)')
  const narrow = ref(screen.matches)
  const look = () => (narrow.value = screen.matches)
  screen.addEventListener('change', look)
  onScopeDispose(() => screen.removeEventListener('change', look))
  return narrow
}
