import { expect, test, vi } from 'vitest'
import type { HallMap as MapOfHall, HallWindow, Zone } from '@/api/types'
import HallPage from '@/modules/hall/HallPage.vue'
import { parsed, runs, written } from '@/modules/hall/hours'
import ZoneGrid from '@/modules/hall/ZoneGrid.vue'
import { answer, refusal, settled, show } from './support'

test('hours are read as people write them, and written back', () => {
  const day = [
    ['09:00', '12:00'],
    ['13:30', '17:00'],
  ]
  expect(parsed('9:00-12:00，13：30～17:00')).toEqual(day)
  expect(parsed('09:00 - 12:00, 13:30 至 17:00')).toEqual(day)
  expect(parsed('')).toEqual([])
  expect(written(day)).toBe('09:00-12:00，13:30-17:00')
})

test.each(['上午', '9-12', '12:00-09:00', '09:00-12:00，11:00-17:00', '09:00-25:00'])('%s is no hours', (line) => {
  expect(parsed(line)).toBeNull()
})

test('days with the same hours are told together', () => {
  const day = [['09:00', '17:00']]
  const told = runs({ 1: day, 2: day, 3: day, 4: day, 5: day, 6: [], 7: [] })
  expect(told).toEqual([
    { first: 1, last: 5, hours: '09:00-17:00' },
    { first: 6, last: 7, hours: '' },
  ])
})

const zone: Zone = { id: 3, name: 'A区', floor: '1', columns: 3, rows: 2, version: 1 }
const window = (part: Partial<HallWindow> = {}): HallWindow => ({
  id: 7,
  number: '12',
  name: '',
  kind: 'comprehensive',
  kind_label: '综合窗口',
  phone: '',
  hall_id: 1,
  zone_id: 3,
  x: 2,
  y: 1,
  closed_on: null,
  departments: [],
  items: 0,
  free: true,
  without_department: false,
  version: 4,
  ...part,
})

async function grid(carrying: HallWindow | null = null, editable = true) {
  const { wrapper } = await show(ZoneGrid, { zone, windows: [window()], carrying, editable })
  const cell = (x: number, y: number) => wrapper.findAll('[role="row"]')[y - 1]!.findAll('button')[x - 1]!
  return { wrapper, cell }
}

test('a place says what stands there', async () => {
  const { cell } = await grid()
  expect(cell(2, 1).attributes('aria-label')).toBe('A区 第 1 行第 2 列，12 号窗口，综合窗口，空闲')
  expect(cell(1, 1).attributes('aria-label')).toBe('A区 第 1 行第 1 列，空位')
})

test('arrows move between the places, and not out of the zone', async () => {
  const { cell } = await grid()
  expect(cell(1, 1).attributes('tabindex')).toBe('0')
  await cell(1, 1).trigger('keydown', { key: 'ArrowRight' })
  await settled()
  expect(document.activeElement).toBe(cell(2, 1).element)
  await cell(2, 1).trigger('keydown', { key: 'ArrowUp' })
  await settled()
  expect(document.activeElement).toBe(cell(2, 1).element)
  await cell(2, 1).trigger('keydown', { key: 'ArrowDown' })
  await settled()
  expect(cell(2, 2).attributes('tabindex')).toBe('0')
})

test('space picks a window up and puts it down, enter opens it', async () => {
  const { wrapper, cell } = await grid()
  await cell(2, 1).trigger('keydown', { key: ' ' })
  expect(wrapper.emitted('pick')).toHaveLength(1)
  await cell(2, 1).trigger('click')
  expect(wrapper.emitted('choose')).toHaveLength(1)
  const carried = await grid(window())
  expect(carried.cell(2, 1).attributes('aria-label')).toContain('已拿起')
  await carried.cell(3, 2).trigger('keydown', { key: ' ' })
  expect(carried.wrapper.emitted('put')).toEqual([[7, { x: 3, y: 2 }]])
  await carried.cell(3, 2).trigger('keydown', { key: 'Escape' })
  expect(carried.wrapper.emitted('drop')).toHaveLength(1)
})

test('who may not change anything moves nothing', async () => {
  const { wrapper, cell } = await grid(null, false)
  await cell(2, 1).trigger('keydown', { key: ' ' })
  await cell(1, 1).trigger('click')
  expect(wrapper.emitted('pick')).toBeUndefined()
  expect(wrapper.emitted('create')).toBeUndefined()
  expect(cell(2, 1).attributes('draggable')).toBe('false')
})

const map = (version = 4): MapOfHall =>
  ({
    hall: {
      id: 1,
      name: '政务服务大厅',
      kind: 'main',
      kind_label: '主大厅',
      department_code: '',
      department_name: '',
      address: '',
      phone: '',
      floors: ['1'],
      closed_on: null,
      windows: 1,
      free: 1,
      without_department: 0,
      unplaced: 0,
      version: 1,
      weekly: {},
      days: [],
      zones: [zone],
      editable: true,
    },
    windows: [window({ version })],
    departments: [{ code: 'D1', name: '人社局', presence_mode: 'resident', windows: 0, unarranged: true }],
  }) as MapOfHall

test('what somebody else was quicker with is not lost: it is offered again on the newest state', async () => {
  let version = 4
  const sent: string[] = []
  vi.stubGlobal(
    'fetch',
    vi.fn(async (request: Request) => {
      if (request.method === 'GET') return answer(map(version))
      sent.push(request.headers.get('If-Match') ?? '')
      if (request.headers.get('If-Match') !== `"${version}"`) return refusal('changed_meanwhile', 412)
      return answer(window({ version: version + 1, x: 1, y: 2 }))
    }),
  )
  const { wrapper } = await show(HallPage, { id: '1' })
  version = 5
  const cells = () => wrapper.findAll('[role="gridcell"] button')
  await cells()[1]!.trigger('keydown', { key: ' ' })
  await cells()[3]!.trigger('keydown', { key: ' ' })
  await settled()
  expect(wrapper.text()).toContain('移动 12 号窗口没有做成')
  await wrapper
    .findAll('button')
    .find((one) => one.text() === '再做一次')!
    .trigger('click')
  await settled()
  expect(sent).toEqual(['"4"', '"5"'])
  expect(wrapper.text()).not.toContain('没有做成')
  expect(wrapper.find('[role="status"]').text()).toContain('12 号窗口已放到A区第 2 行第 1 列')
})
