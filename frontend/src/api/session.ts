import { get, post, put, remove } from './client'

export const signIn = (username: string, password: string) => post('/api/session', { body: { username, password } })
export const signOut = () => remove('/api/session')
export const signOutEverywhere = () => remove('/api/sessions')
export const me = () => get('/api/me')
export const choosePost = (id: number) => put('/api/me/post', { body: { post_id: id } })
/** Whether the own post holds a permission, and who does. */
export const holders = (permission: string) => get('/api/holders', { query: { permission } })
export const changePassword = (current: string, next: string) =>
  put('/api/me/password', { body: { current, new: next } })
