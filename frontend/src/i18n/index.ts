/** Languages: Chinese comes with the console, English is fetched when chosen. */
import { ref } from 'vue'
import { createI18n } from 'vue-i18n'
import zhCN from '@/locales/zh-CN'
import { inSingular } from './singular'

export type Language = 'zh-CN' | 'en'
export const LANGUAGES: { code: Language; name: string }[] = [
  { code: 'zh-CN', name: '简体中文' },
  { code: 'en', name: 'English' },
]
const KEPT = 'jinzhu.language'

function kept(): Language {
  return localStorage.getItem(KEPT) === 'en' ? 'en' : 'zh-CN'
}

export const language = ref<Language>('zh-CN')

export const i18n = createI18n({
  legacy: false,
  locale: 'zh-CN',
  fallbackLocale: 'zh-CN',
  postTranslation: (said) => (typeof said === 'string' && language.value === 'en' ? inSingular(said) : said),
  messages: { 'zh-CN': zhCN } as Record<Language, typeof zhCN>,
})

export async function speak(next: Language): Promise<void> {
  if (next === 'en' && !i18n.global.availableLocales.includes('en')) {
    i18n.global.setLocaleMessage('en', (await import('@/locales/en')).default)
  }
  i18n.global.locale.value = next
  language.value = next
  document.documentElement.lang = next
  localStorage.setItem(KEPT, next)
}

export const speakAsBefore = () => speak(kept())
