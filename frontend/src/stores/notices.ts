/** How many notices are unread; the bell and the page of notices share it. */
import { defineStore } from 'pinia'
import { ref } from 'vue'
import * as api from '@/api/notices'

export const useNotices = defineStore('notices', () => {
  const unread = ref(0)
  /** From this number on they are no longer counted. */
  const most = ref(100)

  function take(answer: { unread: number; most: number }): void {
    unread.value = answer.unread
    most.value = answer.most
  }
  const count = async () => take(await api.unreadNotices())
  const readUpto = async (id: number) => take(await api.readNotices(id))

  return { unread, most, count, readUpto }
})
