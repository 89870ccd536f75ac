/** Who is signed in, on which post, and what that post may do. */
import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import { Problem } from '@/api/problem'
import * as api from '@/api/session'
import { useSessionHooks } from '@/api/transport'
import type { Me, Permission } from '@/api/types'
import { clearDrafts } from '@/composables/draft'
import { language } from '@/i18n'

export const useSession = defineStore('session', () => {
  const me = ref<Me | null>(null)
  const loaded = ref(false)
  /** The dialog over the page that asks to sign in again. */
  const expired = ref(false)
  let waiting: { promise: Promise<void>; done: () => void } | null = null

  const permissions = computed(() => new Set(me.value?.permissions ?? []))
  const can = (permission?: Permission) => !permission || permissions.value.has(permission)
  const level = computed(() => me.value?.post?.center.level ?? null)

  function signInAgain(): Promise<void> {
    if (!me.value) return Promise.reject(new Problem({ code: 'not_signed_in' }, 401))
    if (!waiting) {
      let done = () => {}
      const promise = new Promise<void>((resolve) => (done = resolve))
      waiting = { promise, done }
      expired.value = true
    }
    return waiting.promise
  }

  async function load(): Promise<void> {
    watchSession() // the very first answer already names the role in the reader's language
    try {
      me.value = await api.me()
    } catch (error) {
      if (!(error instanceof Problem) || error.code !== 'not_signed_in') throw error
      me.value = null
    }
    loaded.value = true
    watchSession()
  }

  /** Reads the session anew; if another tab has signed in as somebody else, this page starts over. */
  async function refresh(): Promise<void> {
    const before = me.value?.account.id
    const now = await api.me()
    if (before !== undefined && now.account.id !== before) location.reload()
    me.value = now
  }

  function watchSession(): void {
    useSessionHooks({
      language: () => language.value,
      csrfToken: () => me.value?.csrf_token ?? null,
      signInAgain: me.value ? signInAgain : null,
      refreshToken: refresh,
    })
  }

  async function signIn(username: string, password: string): Promise<void> {
    useSessionHooks({ signInAgain: null })
    me.value = await api.signIn(username, password)
    loaded.value = true
    watchSession()
  }

  /** The same person comes back to the same post, and the waiting requests go on. */
  async function comeBack(password: string): Promise<void> {
    const before = me.value
    if (!before) return
    const after = await api.signIn(before.account.username, password)
    me.value = after
    if (after.post.id !== before.post.id) me.value = await api.choosePost(before.post.id)
    expired.value = false
    waiting?.done()
    waiting = null
  }

  function forget(): void {
    me.value = null
    expired.value = false
    waiting = null
    useSessionHooks({ signInAgain: null })
  }

  async function leave(everywhere: boolean): Promise<void> {
    await (everywhere ? api.signOutEverywhere() : api.signOut())
    clearDrafts()
    forget()
  }

  async function choosePost(id: number): Promise<void> {
    me.value = await api.choosePost(id)
  }

  async function changePassword(current: string, next: string): Promise<void> {
    await api.changePassword(current, next)
    me.value = await api.me()
  }

  return {
    me,
    loaded,
    expired,
    level,
    can,
    load,
    refresh,
    signIn,
    comeBack,
    forget,
    leave,
    choosePost,
    changePassword,
  }
})
