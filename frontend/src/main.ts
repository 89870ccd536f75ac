import { createPinia } from 'pinia'
import { createApp } from 'vue'
import App from './App.vue'
import { i18n, speakAsBefore } from './i18n'
import { router } from './shell/router'
import './styles/element'
import './styles/base.css'

async function start(): Promise<void> {
  await speakAsBefore()
  createApp(App).use(createPinia()).use(i18n).use(router).mount('#app')
}

void start()
