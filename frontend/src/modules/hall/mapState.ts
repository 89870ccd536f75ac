/** The map of a hall: what stands there, and what is done on it, one thing after another and each on the version that was seen. */
import { computed, ref, shallowRef } from 'vue'
import { useI18n } from 'vue-i18n'
import { asProblem, type Problem } from '@/api/problem'
import type { ArrangedDepartment, HallWindow, Key, Place, Zone } from '@/api/types'
import { assign, hallMap, placeWindow } from '@/api/halls'
import { today } from '@/composables/days'
import { useResource } from '@/composables/resource'

export const NOWHERE: Place = { zone_id: null, x: null, y: null }
/** What is dragged, by what it is. */
export const DRAGGED = { window: 'application/x-hall-window', department: 'application/x-hall-department' } as const

interface Wish {
  window: Key
  what: string
  act: (window: HallWindow) => Promise<unknown>
  done: string
}

export function useHallMap(id: () => Key) {
  const { t } = useI18n()
  const { data, problem, reload } = useResource(() => hallMap(id()))
  /** Read out to whoever cannot see the map. */
  const said = ref('')
  const refused = shallowRef<Problem | null>(null)
  /** What was not done because somebody else was quicker. */
  const missed = shallowRef<Wish | null>(null)
  const carried = ref<number | null>(null)
  const busy = ref(false)

  const windows = computed(() => data.value?.windows ?? [])
  const windowOf = (one: Key) => windows.value.find((window) => window.id === one) ?? null
  const carrying = computed(() => (carried.value === null ? null : windowOf(carried.value)))
  const unplaced = computed(() => windows.value.filter((window) => window.zone_id === null))

  async function wish(one: Wish): Promise<void> {
    const window = windowOf(one.window)
    if (!window || busy.value) return
    busy.value = true
    refused.value = null
    missed.value = null
    let fault: Problem | null = null
    try {
      await one.act(window)
    } catch (error) {
      fault = asProblem(error)
    }
    // What is tried again is tried on what stands there now.
    await reload()
    busy.value = false
    if (fault?.code === 'changed_meanwhile') missed.value = one
    else if (fault) refused.value = fault
    else said.value = one.done
  }

  function move(window: HallWindow, zone: Zone | null, x = 0, y = 0): Promise<void> {
    carried.value = null
    const place = zone ? { zone_id: zone.id, x, y } : NOWHERE
    const done = zone
      ? t('hall.putDown', { number: window.number, zone: zone.name, x, y })
      : t('hall.takenAway', { number: window.number })
    return wish({
      window: window.id,
      what: t('hall.doMove', { number: window.number }),
      act: (now) => placeWindow(now.id, now.version, place),
      done,
    })
  }

  function assignTo(window: HallWindow, department: ArrangedDepartment): Promise<void> {
    const names = { department: department.name, number: window.number }
    return wish({
      window: window.id,
      what: t('hall.doAssign', names),
      act: (now) => assign(now.id, now.version, { since: today(), departments: [department.code] }),
      done: t('hall.assignedOne', names),
    })
  }

  function pick(window: HallWindow): void {
    carried.value = window.id
    said.value = t('hall.pickedUp', { number: window.number })
  }
  function drop(): void {
    if (carried.value === null) return
    carried.value = null
    said.value = t('hall.dropped')
  }

  return {
    data,
    problem,
    reload,
    said,
    refused,
    missed,
    carrying,
    busy,
    windows,
    unplaced,
    windowOf,
    move,
    assignTo,
    pick,
    drop,
    redo: () => missed.value && wish(missed.value),
  }
}

/** What a window says of itself, for the eye and for the ear. */
export function useWindowWords() {
  const { t } = useI18n()
  function what(window: HallWindow): string {
    if (window.departments.length > 0) {
      const departments = window.departments.map((one) => one.name).join('、')
      return t('hall.whatDepartments', { departments, n: window.items })
    }
    return window.free ? t('hall.whatFree') : t('hall.whatItems', { n: window.items })
  }
  const label = (window: HallWindow) =>
    t('hall.windowLabel', { number: window.number, kind: window.kind_label, what: what(window) })
  return { what, label }
}
