/** Campaigns, and one act in many cases: what would come of them, how far they are, and what came of each row. */
import { get, post } from './client'
import { problemOf } from './problem'
import { sessionFetch, sessionUpload } from './transport'
import type { CampaignBody, CampaignChoice, JointAct, Key, Signed } from './types'
import type { ListQuery } from '@/composables/listState'

const ONE = '/api/campaigns/{campaign_id}'
const of = (id: Key) => ({ path: { campaign_id: id } })
export const campaigns = (query: ListQuery) => get('/api/campaigns', { query })
export const campaign = (id: Key) => get(ONE, of(id))
export const campaignItems = (id: Key, query: ListQuery) => get(`${ONE}/items`, { ...of(id), query })
export const previewCampaign = (body: CampaignChoice) => post('/api/campaigns/preview', { body })
export const startCampaign = (body: CampaignBody) => post('/api/campaigns', { body })
export const beginAgain = (id: Key) => post(`${ONE}/again`, of(id))
export const stopCampaign = (id: Key) => post(`${ONE}/stop`, of(id))

const ACT = '/api/joint-acts/{joint_act_id}'
const ofAct = (id: Key) => ({ path: { joint_act_id: id } })
export const jointActs = (query: ListQuery) => get('/api/joint-acts', { query })
export const jointAct = (id: Key) => get(ACT, ofAct(id))
export const jointActCases = (id: Key, query: ListQuery) => get(`${ACT}/cases`, { ...ofAct(id), query })
export const offerJointActs = async (cases: number[]) => (await post('/api/joint-acts/offer', { body: { cases } })).rows
export const actAgain = (id: Key) => post(`${ACT}/again`, ofAct(id))
export const stopJointAct = (id: Key) => post(`${ACT}/stop`, ofAct(id))

async function answered(response: Response): Promise<Response> {
  if (response.ok) return response
  throw await problemOf(response)
}
const address = (path: string) => new URL(path, location.origin)
const fetched = async (path: string) => (await answered(await sessionFetch(new Request(address(path))))).blob()
export const campaignResults = (id: Key) => fetched(`/api/campaigns/${id}/results`)
export const jointActResults = (id: Key) => fetched(`/api/joint-acts/${id}/results`)

/** The codes of a list, each with its row. */
export async function readCodes(file: File): Promise<{ row: number; code: string }[]> {
  const body = new FormData()
  body.append('file', file)
  const request = new Request(address('/api/campaigns/codes'), { method: 'POST', body })
  return ((await (await answered(await sessionFetch(request))).json()) as { rows: { row: number; code: string }[] })
    .rows
}

/** Acts in many cases; a document of all of them goes along as it is. */
async function inMany(path: string, said: Record<string, string>, file: File | null): Promise<unknown> {
  const form = new FormData()
  for (const [name, value] of Object.entries(said)) if (value) form.append(name, value)
  if (file) form.append('file', file)
  return (await answered(await sessionUpload(path, form, () => {}))).json()
}
export const actInMany = async (said: Record<string, string>, file: File | null) =>
  (await inMany('/api/joint-acts', said, file)) as JointAct
/** As the superior department, in cases of centers below. */
export const signMany = async (said: Record<string, string>, file: File | null) =>
  (await inMany('/api/consents/acts', said, file)) as Signed
