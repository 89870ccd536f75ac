/** The documents of a case by what asks for them; files that fail on their way stay to be sent again. */
import { beforeEach, describe, expect, test, vi } from 'vitest'
import type { Case, CaseDocument, CaseStep } from '@/api/types'
import PaperFields from '@/components/PaperFields.vue'
import { useAttaching } from '@/modules/case/attaching'
import { attachable, besideStep, groups, sizeOf, wanted } from '@/modules/case/papers'
import { show } from './support'

const step = (code: string, document: string, more: Partial<CaseStep> = {}) =>
  ({ code, name: code, document, actor: 'center', state: 'coming', ...more }) as CaseStep
const paper = (id: number, name: string) => ({ id, name }) as CaseDocument
const aCase = (more: Partial<Case> = {}) =>
  ({
    id: 1,
    state: 'running',
    steps: [step('S1', ''), step('S2', 'power', { state: 'open' }), step('S3', 'letter', { actor: 'superior' })],
    documents: [],
    ...more,
  }) as unknown as Case

describe('what a case asks for', () => {
  test('each document once, in the order of the steps, and what is beside them last', () => {
    const shown = aCase({
      steps: [step('S1', 'power'), step('S2', 'permit', { state: 'skipped' }), step('S3', 'power')],
      documents: [paper(1, 'minutes'), paper(2, 'power')],
    })
    expect(groups(shown).map(({ name, step: of, documents }) => [name, of?.code, documents.length])).toEqual([
      ['power', 'S1', 1],
      ['', undefined, 1],
    ])
  })

  test('what an open step still waits for comes first', () => {
    expect(wanted(aCase())?.code).toBe('S2')
    expect(wanted(aCase({ documents: [paper(1, 'power')] }))).toBeNull()
  })

  test('from above only the own step is attached to', () => {
    const below = aCase({ center: { id: 5, name: 'x' } })
    expect(attachable(below).map((one) => one.code)).toEqual(['S3'])
    expect(besideStep(below)).toBe('S3')
    expect(besideStep(aCase())).toBe('')
  })

  test('nothing is attached to what came to nothing', () => {
    expect(attachable(aCase({ state: 'refused' }))).toEqual([])
  })

  test('sizes are said in the unit that fits', () => {
    expect([sizeOf(10), sizeOf(20_480), sizeOf(3_500_000)]).toEqual(['1 KB', '20 KB', '3.3 MB'])
  })
})

/** A way to the server that fails when it is told to; not the server. */
class Wire {
  static answers: { status: number; body: object }[] = []
  static sent: string[] = []
  upload: { onprogress?: (event: object) => void } = {}
  status = 0
  responseText = ''
  onload = () => {}
  onerror = () => {}
  open() {}
  setRequestHeader() {}
  send(form: FormData) {
    Wire.sent.push((form.get('file') as File).name)
    this.upload.onprogress?.({ lengthComputable: true, loaded: 1, total: 2 })
    const answer = Wire.answers.shift()
    if (!answer) return this.onerror()
    this.status = answer.status
    this.responseText = JSON.stringify(answer.body)
    this.onload()
  }
}

describe('files on their way', () => {
  beforeEach(() => {
    Wire.answers = []
    Wire.sent = []
    vi.stubGlobal('XMLHttpRequest', Wire)
  })
  const said = { step: 'S2', name: 'power', number: '', valid_from: null, valid_until: null }
  const file = (name: string, size = 3) => new File([new Uint8Array(size)], name)
  const begun = () => useAttaching(() => ({ id: 1 }), said)

  test('what arrived goes from the list, what did not stays with the reason', async () => {
    const { take, run, waiting, newest, typed } = begun()
    typed.number = '3'
    take([file('a.pdf'), file('b.pdf'), file('c.pdf')])
    Wire.answers = [
      { status: 201, body: { id: 1, version: 2 } },
      { status: 422, body: { code: 'invalid', errors: [{ field: 'file', message: 'no' }] } },
    ]
    expect(await run()).toBe(false)
    expect(waiting.value.map((one) => [one.file.name, one.problem?.code])).toEqual([
      ['b.pdf', 'invalid'],
      ['c.pdf', 'unavailable'],
    ])
    expect(newest.value).toMatchObject({ version: 2 })
    expect(typed.number).toBe('3')

    Wire.answers = [
      { status: 201, body: { id: 1 } },
      { status: 201, body: { id: 1 } },
    ]
    expect(await run()).toBe(true)
    expect(Wire.sent).toEqual(['a.pdf', 'b.pdf', 'c.pdf', 'b.pdf', 'c.pdf'])
  })

  test('what is too large is not sent at all', async () => {
    const { take, run, drop, waiting, sendable } = begun()
    take([file('large.pdf', 10 * 1024 * 1024 + 1), file('a.pdf')])
    expect(sendable.value).toBe(false)
    expect(await run()).toBe(false)
    expect(Wire.sent).toEqual([])
    drop(waiting.value[0]!)
    expect(sendable.value).toBe(true)
  })
})

describe('a paper that has ended', () => {
  const typed = { id: 'paper', number: '7号', from: null }

  test('is said to have ended, with its day, and what was typed stays', async () => {
    const { wrapper } = await show(PaperFields, { ...typed, until: '2020-01-31' })
    expect(wrapper.find('[role="status"]').text()).toContain('到期日期 2020-01-31 已过')
    expect((wrapper.find('#paper-number').element as HTMLInputElement).value).toBe('7号')
  })

  test('is not one that still holds, or holds for ever', async () => {
    for (const until of ['2999-01-31', null]) {
      const { wrapper } = await show(PaperFields, { ...typed, until })
      expect(wrapper.find('[role="status"]').exists()).toBe(false)
    }
  })
})
