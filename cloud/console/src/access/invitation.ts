/** What an invitation's link holds. It stands behind the #, which a browser sends to no server and writes into no log. */
export interface LinkedInvitation { code: string; name: string | null }

export function invitationOf(hash: string): LinkedInvitation | null {
  const parts = new URLSearchParams(hash.replace(/^#/, ''))
  const code = parts.get('code')
  return code ? { code, name: parts.get('name') } : null
}

export const invitationLink = (origin: string, invitation: LinkedInvitation) =>
  `${origin}/set-up#${new URLSearchParams({ code: invitation.code, ...(invitation.name ? { name: invitation.name } : {}) })}`
