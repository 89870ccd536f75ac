/** What somebody at this post should know. */
import { get, post, unattended } from './client'
import type { ListQuery } from '@/composables/listState'

export const notices = (query: ListQuery) => get('/api/notices', { query })
export const unreadNotices = () => get('/api/notices/unread', { headers: unattended })
export const readNotices = (upto: number) => post('/api/notices/read', { body: { upto } })
