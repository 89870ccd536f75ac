import { createPinia } from 'pinia'
import { createApp } from 'vue'
import App from './App.vue'
import { i18n, speakAsBefore } from './i18n'
import { router } from './shell/router'
import './styles/element'
import './styles/base.css'

/** A release has replaced the files this page was built from: fetch the new ones; drafts are kept. */
const RELOADED = 'jinzhu.reloaded'
window.addEventListener('vite:preloadError', (event) => {
  if (Date.now() - Number(sessionStorage.getItem(RELOADED)) < 10_000) return
  sessionStorage.setItem(RELOADED, String(Date.now()))
  event.preventDefault()
  location.reload()
})

async function start(): Promise<void> {
  await speakAsBefore()
  createApp(App).use(createPinia()).use(i18n).use(router).mount('#app')
}

void start()
