// Says how much compressed JavaScript is loaded before the first screen, and keeps the figure in dist/size.json.
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'

const LIMIT = 250_000
const dist = (path) => fileURLToPath(new URL(`../dist/${path}`, import.meta.url))
const manifest = JSON.parse(readFileSync(dist('.vite/manifest.json'), 'utf8'))
const compressed = (file) => gzipSync(readFileSync(dist(file)), { level: 9 }).length

/** The chunk and everything it imports statically. */
function loadedWith(key, seen = new Set()) {
  if (seen.has(key)) return seen
  seen.add(key)
  for (const next of manifest[key]?.imports ?? []) loadedWith(next, seen)
  return seen
}

function measure(keys) {
  const chunks = new Set(keys.flatMap((key) => [...loadedWith(key)]))
  const scripts = [...chunks].map((key) => manifest[key].file).filter((file) => file.endsWith('.js'))
  const styles = [...new Set([...chunks].flatMap((key) => manifest[key].css ?? []))]
  const sum = (files) => files.reduce((total, file) => total + compressed(file), 0)
  return { javascript: sum(scripts), css: sum(styles), files: scripts.length }
}

const screen = (page) => measure(['index.html', 'src/shell/AppShell.vue', 'src/shell/SignInAgain.vue', page])
const size = {
  limit: LIMIT,
  sign_in: measure(['index.html', 'src/modules/session/SignInPage.vue']),
  first_screen: screen('src/modules/desk/DeskPage.vue'),
  list_page: screen('src/modules/duty/DutiesPage.vue'),
  record_page: screen('src/modules/record/RecordPage.vue'),
}
writeFileSync(dist('size.json'), JSON.stringify(size, null, 2) + '\n')
for (const [name, part] of Object.entries(size)) {
  if (name !== 'limit')
    console.log(
      `${name}: ${(part.javascript / 1000).toFixed(1)} kB JavaScript, ${(part.css / 1000).toFixed(1)} kB CSS (gzip)`,
    )
}
if (size.first_screen.javascript > LIMIT) {
  console.error(`The first screen loads more than ${LIMIT / 1000} kB of JavaScript.`)
  process.exit(1)
}
