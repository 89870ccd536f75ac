/// <reference types="vite/client" />
import 'vue-router'
import type { Permission } from '@/api/types'

declare module 'vue-router' {
  interface RouteMeta {
    /** Key of the page's title in the locale files. */
    title?: string
    /** What the post must be allowed to do; without it every signed-in account may open the page. */
    permission?: Permission
    /** Pages outside the shell: sign-in and the first change of password. */
    bare?: boolean
    /** The page can be opened without being signed in. */
    open?: boolean
    /** Navigation entry that stays marked while the page is open. */
    section?: string
  }
}
