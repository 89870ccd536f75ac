import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import english from '@/locales/en'
import chinese from '@/locales/zh-CN'

type Texts = { [key: string]: string | Texts }

function flat(texts: Texts, path = ''): Map<string, string> {
  return new Map(
    Object.entries(texts).flatMap(([key, value]) =>
      typeof value === 'string' ? [[path + key, value] as const] : [...flat(value, `${path}${key}.`)],
    ),
  )
}
const zh = flat(chinese as Texts)
const en = flat(english as Texts)
const blanks = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((found) => found[1]).sort()

function sources(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return entry.name === 'locales' ? [] : sources(path)
    return /\.(vue|ts)$/.test(entry.name) ? [readFileSync(path, 'utf8')] : []
  })
}
const code = sources('src')

test('both languages have the same keys', () => {
  expect([...en.keys()].sort()).toEqual([...zh.keys()].sort())
})

test('a text has the same blanks in both languages', () => {
  const differing = [...zh].filter(([key, text]) => blanks(text).join() !== blanks(en.get(key) ?? '').join())
  expect(differing.map(([key]) => key)).toEqual([])
})

test('no text is empty, and none needs escaping', () => {
  const broken = [...zh, ...en].filter(([, text]) => !text.trim() || /[@|]/.test(text))
  expect(broken).toEqual([])
})

test('every text that a page asks for is there', () => {
  const asked = code.flatMap((text) => [...text.matchAll(/\bt\(\s*'([\w.]+)'/g)].map((found) => found[1]!))
  expect(asked.length).toBeGreaterThan(200)
  expect([...new Set(asked)].filter((key) => !zh.has(key))).toEqual([])
})

test('every family of texts that a page asks for is there', () => {
  const asked = code.flatMap((text) => [...text.matchAll(/\bt\(\s*`([\w.]+)\.?\$\{/g)].map((found) => found[1]!))
  const missing = [...new Set(asked)].filter((family) => ![...zh.keys()].some((key) => key.startsWith(family)))
  expect(missing).toEqual([])
})

test('no page writes Chinese by itself', () => {
  const written = code.flatMap((text) =>
    text
      .split('\n')
      .filter(
        (line) => /[\u4e00-\u9fff]/.test(line) && !/^\s*(\/\*\*|\*|\/\/|<!--)/.test(line) && !line.includes('// '),
      ),
  )
  expect(written.filter((line) => !line.includes('/(人民政府)') && !line.includes('简体中文'))).toEqual([])
})
