/** What I want by mail of the posts at this center. */
import { get, post, put, remove, unattended } from './client'
import type { DigestChoice } from './types'

const ADDRESS = '/api/me/digest/address'
export const digest = (unasked = false) => get('/api/me/digest', unasked ? { headers: unattended } : {})
export const chooseDigest = (body: DigestChoice) => put('/api/me/digest', { body })
export const giveAddress = (address: string) => put(ADDRESS, { body: { address } })
export const forgetAddress = () => remove(ADDRESS)
export const askAgain = () => post('/api/me/digest/confirmation')
