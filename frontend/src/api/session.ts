import { get, post, put, remove } from './client'
import type { Key, Me } from './types'

export const signIn = (username: string, password: string) =>
  post<Me>('/api/session', { body: { username, password } })
export const signOut = () => remove<void>('/api/session')
export const signOutEverywhere = () => remove<void>('/api/sessions')
export const me = () => get<Me>('/api/me')
export const choosePost = (id: Key) => put<Me>('/api/me/post', { body: { post_id: id } })
export const changePassword = (current: string, next: string) =>
  put<void>('/api/me/password', { body: { current, new: next } })
