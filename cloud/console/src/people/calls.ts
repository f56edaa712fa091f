import { get, send, sendFor } from '../api/client'
import type { AuditPage, Invitation, MadeToken, PeoplePage, Person, TokenPage } from '../api/types'
import type { Role } from '../frame/sections'

export interface PersonChange { displayName?: string; role?: Role; blocked?: boolean }
export interface NewToken { name: string; role?: Role; gateway?: string; days?: number }

/** What administrators ask of the cloud. */
export const calls = {
  people: (search: string, after: string | null, signal?: AbortSignal) =>
    get<PeoplePage>('/api/v1/people', { ...(search ? { search } : {}), ...(after == null ? {} : { after }) }, signal),
  addPerson: (name: string, displayName: string, role: Role) =>
    sendFor<Invitation>('POST', '/api/v1/people', { name, role, ...(displayName ? { displayName } : {}) }),
  changePerson: (id: number, change: PersonChange) => sendFor<Person>('PATCH', `/api/v1/people/${id}`, change),
  invitePerson: (id: number) => sendFor<Invitation>('POST', `/api/v1/people/${id}/invitation`),
  removePerson: (id: number) => send('DELETE', `/api/v1/people/${id}`),
  tokens: (before: number | null, signal?: AbortSignal) => get<TokenPage>('/api/v1/tokens', before == null ? {} : { before: `${before}` }, signal),
  makeToken: (token: NewToken) => sendFor<MadeToken>('POST', '/api/v1/tokens', token),
  revokeToken: (id: number) => send('DELETE', `/api/v1/tokens/${id}`),
  audit: (filter: Record<string, string>, before: number | null, signal?: AbortSignal) =>
    get<AuditPage>('/api/v1/audit', { ...filter, ...(before == null ? {} : { before: `${before}` }) }, signal),
  auditExport: (filter: Record<string, string>) => `/api/v1/audit/export?${new URLSearchParams(filter)}`,
}
