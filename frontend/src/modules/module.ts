/** What a module of the console declares; the shell assembles them. */
import type { Component } from 'vue'
import type { RouteRecordRaw } from 'vue-router'
import type { Permission } from '@/api/types'

export type NavigationGroup = 'desk' | 'center' | 'standard' | 'supervision'

export interface NavigationEntry {
  to: string
  /** Key in the locale files. */
  label: string
  icon: Component
  group: NavigationGroup
  permission?: Permission
  /** How much waits for somebody behind it, for those who may do something about it. */
  count?: () => Promise<number>
  counted?: Permission
}

export interface ConsoleModule {
  name: string
  routes: RouteRecordRaw[]
  navigation: NavigationEntry[]
}
