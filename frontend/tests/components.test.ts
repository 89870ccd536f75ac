import { expect, test, vi } from 'vitest'
import ClaimDialog from '@/components/ClaimDialog.vue'
import DataTable from '@/components/DataTable.vue'
import DiffValue from '@/components/DiffValue.vue'
import FieldEditor from '@/components/FieldEditor.vue'
import ListPage from '@/components/ListPage.vue'
import { navigation, routes } from '@/modules'
import RosterTiles from '@/modules/department/RosterTiles.vue'
import DeskReceived from '@/modules/desk/DeskReceived.vue'
import DeliveryBoard from '@/modules/rollout/DeliveryBoard.vue'
import { router } from '@/shell/router'
import { useSession } from '@/stores/session'
import { answer, COLUMNS, field, settled, show } from './support'

type Row = { id: number; name: string }
const columns = [
  { key: 'name', label: '名称', text: (row: Row) => row.name, sort: 'name', fixed: true },
  { key: 'id', label: '编号', text: (row: Row) => String(row.id), hidden: true },
]
const rows = [
  { id: 1, name: '甲' },
  { id: 2, name: '乙' },
]

test('a table says its order, and turns it', async () => {
  const { wrapper } = await show(DataTable, {
    caption: '表',
    columns,
    rows,
    rowKey: (row: Row) => row.id,
    sort: 'name',
  })
  expect(wrapper.find('th').attributes('aria-sort')).toBe('ascending')
  await wrapper.find('th button').trigger('click')
  expect(wrapper.emitted('sort')).toEqual([['-name']])
})

function list(load = vi.fn(async () => ({ rows, total: 45, page: 1, per_page: 20 }))) {
  return {
    caption: '表',
    columns,
    load,
    rowKey: (row: Row) => row.id,
    emptyTitle: '空',
    emptyHint: '先添加',
    filters: [{ key: 'kind', label: '类别', options: [{ value: 'a', label: '甲类' }] }],
    load_: load,
  }
}

test('what stands in the address is asked of the server', async () => {
  const { load_: load, ...props } = list()
  await show(ListPage, props, '/?q=教师&kind=a&sort=-name&page=2&per_page=50&other=x')
  expect(load).toHaveBeenCalledWith({ q: '教师', kind: 'a', sort: '-name', page: 2, per_page: 50 })
})

test('turning the page and choosing an order go into the address, a new filter returns to the first page', async () => {
  const { load_: load, ...props } = list()
  const { wrapper, router } = await show(ListPage, props, '/?page=2')
  await wrapper.findAll('.pager button')[1]!.trigger('click')
  await settled()
  expect(router.currentRoute.value.query).toEqual({ page: '3' })
  await wrapper.find('th button').trigger('click')
  await settled()
  expect(router.currentRoute.value.query).toEqual({ sort: 'name' })
  expect(load).toHaveBeenLastCalledWith({ q: undefined, sort: 'name', page: 1, per_page: 20 })
})

test('while the next page is on its way, the pager tells of the rows that stand there', async () => {
  const load = vi.fn(async ({ page }: { page: number }) => ({ rows, total: 45, page, per_page: 20 }))
  const { load_: _, ...props } = list(load as never)
  const { wrapper } = await show(ListPage, props)
  load.mockImplementationOnce(() => new Promise(() => {}))
  await wrapper.findAll('.pager button')[1]!.trigger('click')
  await settled()
  expect(load).toHaveBeenLastCalledWith(expect.objectContaining({ page: 2 }))
  expect(wrapper.find('.pager > span').text()).toContain('1–20')
})

test('hidden columns are shown when the address asks for them', async () => {
  const { load_: _, ...props } = list()
  const { wrapper } = await show(ListPage, props, '/?columns=name,id')
  expect(wrapper.findAll('thead th').map((cell) => cell.text().replace(/\s*[↑↓↕]/, ''))).toEqual(['名称', '编号'])
})

test('an empty list says what to do next; an empty search offers to clear it', async () => {
  const load = vi.fn(async () => ({ rows: [], total: 0, page: 1, per_page: 20 }))
  const { load_: _, ...props } = list(load as never)
  const bare = await show(ListPage, props)
  expect(bare.wrapper.text()).toContain('先添加')
  const searched = await show(ListPage, props, '/?q=x')
  expect(searched.wrapper.text()).toContain('清除搜索和筛选')
})

test('a failed list can be tried again', async () => {
  const load = vi
    .fn()
    .mockRejectedValueOnce(new Error('x'))
    .mockResolvedValue({ rows, total: 2, page: 1, per_page: 20 })
  vi.spyOn(console, 'error').mockImplementation(() => {})
  const { load_: _, ...props } = list(load)
  const { wrapper } = await show(ListPage, props)
  await wrapper.find('.error button').trigger('click')
  await settled()
  expect(wrapper.findAll('tbody tr')).toHaveLength(2)
})

const materials = { type: 'parts', columns: COLUMNS } as const
const bound = [
  { code: 'M1', name: '申请表', copies: 2 },
  { code: 'M2', name: '身份证' },
]

test('a list of the standard is changed by dropping parts and tightening their columns', async () => {
  const { wrapper } = await show(FieldEditor, {
    field: field(materials),
    rule: 'subset',
    bound,
    inputId: 'm',
    modelValue: { set: { M1: { copies: 3 } } },
  })
  const boxes = wrapper.findAll('input[type=checkbox]')
  expect(boxes).toHaveLength(2)
  await boxes[1]!.setValue(false)
  expect(wrapper.emitted('update:modelValue')![0]).toEqual([{ drop: ['M2'], set: { M1: { copies: 3 } } }])
  expect(wrapper.text()).toContain('不得超过 2')
  await wrapper.find('input[aria-label="申请表 份数"]').setValue('1')
  expect(wrapper.emitted('update:modelValue')![1]).toEqual([{ drop: ['M2'], set: { M1: { copies: 1 } } }])
})

test('parts are added where the rule lets one add, and nowhere else', async () => {
  const props = { field: field(materials), bound, inputId: 'm', modelValue: null }
  const fewer = await show(FieldEditor, { ...props, rule: 'subset' })
  expect(fewer.wrapper.findAll('button').some((one) => one.text().includes('添加一行'))).toBe(false)
  const further = await show(FieldEditor, { ...props, rule: 'superset' })
  expect(further.wrapper.findAll('input[type=checkbox]')).toHaveLength(0)
  const add = further.wrapper.findAll('button').find((one) => one.text().includes('添加一行'))!
  await add.trigger('click')
  expect(further.wrapper.emitted('update:modelValue')).toEqual([[{ add: [{ code: 'C01' }] }]])
})

test('a table of parts proposes codes, moves rows, and shows what is wrong at the cell', async () => {
  const { wrapper } = await show(FieldEditor, {
    field: field(materials),
    inputId: 'm',
    modelValue: bound,
    errors: { '1.copies': '须为 0 或正整数' },
  })
  expect(wrapper.findAll('tbody tr')[1]!.text()).toContain('须为 0 或正整数')
  const button = (label: string) => wrapper.findAll('button').find((one) => one.attributes('aria-label') === label)!
  await button('下移：申请表').trigger('click')
  expect(wrapper.emitted('update:modelValue')!.at(-1)).toEqual([[bound[1], bound[0]]])
  const add = wrapper.findAll('button').find((one) => one.text().includes('添加一行'))!
  await add.trigger('click')
  expect(wrapper.emitted('update:modelValue')!.at(-1)).toEqual([[bound[1], bound[0], { code: 'M3' }]])
  await button('删除：身份证').trigger('click')
  expect(wrapper.emitted('update:modelValue')!.at(-1)).toEqual([[bound[0], { code: 'M3' }]])
})

test('yes and no, grades and lists to add to are chosen, not typed', async () => {
  const grade = field({
    type: 'grade',
    choices: [
      { code: '1', label: '高中' },
      { code: '2', label: '大专' },
    ],
  })
  const { wrapper } = await show(FieldEditor, { field: grade, inputId: 'g', modelValue: 2 })
  expect(wrapper.text()).toContain('大专')
  wrapper.findComponent({ name: 'ElSelect' }).vm.$emit('update:modelValue', '1')
  expect(wrapper.emitted('update:modelValue')).toEqual([[1]])
  const yes = await show(FieldEditor, { field: field({ type: 'boolean' }), inputId: 'b', modelValue: false })
  expect(yes.wrapper.text()).toContain('否')
  yes.wrapper.findComponent({ name: 'ElSelect' }).vm.$emit('update:modelValue', 'true')
  expect(yes.wrapper.emitted('update:modelValue')).toEqual([[true]])
  const further = await show(FieldEditor, {
    field: field({ type: 'choices', choices: grade.choices }),
    rule: 'superset',
    bound: ['1'],
    inputId: 'c',
    modelValue: null,
  })
  const select = further.wrapper.findComponent({ name: 'ElSelect' })
  select.vm.$emit('update:modelValue', ['2'])
  select.vm.$emit('update:modelValue', [])
  expect(further.wrapper.emitted('update:modelValue')).toEqual([[['1', '2']], [null]])
})

test('a number field keeps what is no number as typed', async () => {
  const { wrapper } = await show(FieldEditor, {
    field: field(),
    rule: 'at_most',
    bound: 10,
    inputId: 'n',
    modelValue: 5,
  })
  await wrapper.find('input').setValue('八')
  await wrapper.find('input').setValue('8')
  expect(wrapper.emitted('update:modelValue')).toEqual([['八'], [8]])
})

test('a code is picked where names are at hand, and typed where there are none', async () => {
  const code = { type: 'code', name: 'department_code' } as const
  const props = { inputId: 'd', modelValue: 'BM06' }
  const named = await show(FieldEditor, {
    ...props,
    field: field({ ...code, choices: [{ code: 'BM06', label: '民政局' }] }),
  })
  expect(named.wrapper.text()).toContain('民政局（BM06）')
  const bare = await show(FieldEditor, { ...props, field: field({ ...code, choices: [] }) })
  expect((bare.wrapper.find('input').element as HTMLInputElement).value).toBe('BM06')
})

test('how many conflicts an edition caused is left open where the post may not know', async () => {
  const one = { standard: '基本目录', edition_number: 2, title: '2026年版', at: '2026-11-23' }
  const { wrapper } = await show(DeskReceived, { received: [{ ...one, conflicts: null }] })
  expect(wrapper.findAll('td').at(-1)!.text()).toBe('—')
  expect(wrapper.find('a').exists()).toBe(false)
})

test('the difference of a list names what came and what went', async () => {
  const { wrapper } = await show(DiffValue, {
    field: field(materials),
    before: [
      { code: 'M1', name: '申请表' },
      { code: 'M3', name: '户口簿', copies: 2 },
    ],
    after: [
      { code: 'M2', name: '身份证' },
      { code: 'M3', name: '户口簿', copies: 1 },
    ],
  })
  expect(wrapper.findAll('li').map((line) => line.text())).toEqual([
    '− 申请表',
    '+ 身份证',
    '~ 户口簿：份数 2 份 → 1 份',
  ])
})

test('“not offered” is not sent without the legal reason', async () => {
  const sent: unknown[] = []
  vi.stubGlobal(
    'fetch',
    vi.fn(async (request: Request) => {
      if (request.method === 'POST') sent.push(await request.json())
      return answer(
        request.method === 'POST'
          ? { claimed: 1, unchanged: 0, refused: 0, rows: [] }
          : { rows: [], total: 0, page: 1, per_page: 50 },
      )
    }),
  )
  const { wrapper } = await show(ClaimDialog, {
    kind: 'item',
    target: { provision_ids: [3] },
    count: 1,
    modelValue: true,
  })
  const dialog = document.body
  ;(dialog.querySelectorAll('input[type=radio]')[1] as HTMLInputElement).click()
  await settled()
  const submit = [...dialog.querySelectorAll('footer button')].at(-1) as HTMLButtonElement
  submit.click()
  await settled()
  expect(sent).toEqual([])
  expect(dialog.textContent).toContain('“不提供”须写明法定理由')
  const reason = dialog.querySelector('textarea')!
  reason.value = '由市级行使'
  reason.dispatchEvent(new Event('input'))
  await settled()
  submit.click()
  await settled()
  expect(sent).toEqual([{ provision_ids: [3], claim: 'not_offered', reason: '由市级行使' }])
  expect(wrapper.emitted('done')).toHaveLength(1)
})

test('every entry of the navigation leads to a page that needs the same permission', () => {
  const page = (path: string) => routes.find((route) => route.path === path)
  expect(navigation.length).toBeGreaterThan(7)
  for (const entry of navigation) expect(page(entry.to)?.meta?.permission, entry.to).toBe(entry.permission)
})

test('signing in leads back to where one was, but not to a step on the way in', async () => {
  await show(FieldEditor, { field: field(), inputId: 'n', modelValue: null })
  useSession().loaded = true
  await router.push('/password')
  expect(router.currentRoute.value.fullPath).toBe('/sign-in')
  await router.push('/items?page=2')
  expect(router.currentRoute.value.query).toEqual({ next: '/items?page=2' })
})

test('every page but sign-in, desk, search, notices, mail, calendar and password names its permission', () => {
  const free = routes.filter((route) => !route.meta?.permission).map((route) => route.path)
  expect(free.sort()).toEqual(['/', '/calendar', '/find', '/mail', '/notices', '/password', '/sign-in'])
})

test('a board shows cities with failures first, and every cell says its state in words', async () => {
  const delivery = (name: string, city: string, state: string) => ({
    center: { id: name.length + name.charCodeAt(0), code: name, name, level: 'county', city_id: 1, city_name: city },
    state,
    conflicts: 0,
    error: state === 'failed' ? '数据库忙' : null,
    finished_at: null,
  })
  const deliveries = [
    delivery('锦江区', '成都市', 'adopted'),
    delivery('广安区', '广安市', 'failed'),
    delivery('前锋区', '广安市', 'announced'),
  ]
  const rollout = {
    stages: [{ place: 1, name: '全省' }],
    counts: { adopted: 1, failed: 1, announced: 1 },
    actions: [],
  }
  const { wrapper } = await show(DeliveryBoard, { deliveries, progress: [], rollout })
  expect(wrapper.findAll('h2').map((title) => title.text().split(/\s/)[0])).toEqual(['广安市', '成都市'])
  expect(wrapper.findAll('.cell').map((cell) => cell.text().replace(/\s/g, ''))).toEqual([
    '✕广安区：失败',
    '…前锋区：已通知',
    '✓锦江区：已采用',
  ])
})

test('the figures of a roster name also who may enter and who is suspended, each with its rows', async () => {
  const names = [
    ...['total', 'shall', 'may', 'proposed', 'entered', 'suspended', 'missing', 'unanswered', 'standalone'],
    ...['unapproved', 'power_ended', 'power_ending', 'credit_code', 'services_open', 'running'],
  ]
  const figures = Object.fromEntries(names.map((name, place) => [name, place]))
  const { wrapper } = await show(RosterTiles, { figures }, '/roster')
  const told = wrapper.findAll('a').map((one) => [one.text(), one.attributes('href')])
  expect(told).toContainEqual(['可以进驻2', '/roster?force=may'])
  expect(told).toContainEqual(['建议进驻3', '/roster?force=proposed'])
  expect(told).toContainEqual(['已暂停5', '/roster?state=suspended'])
})
