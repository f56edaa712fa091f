// A certified provider of OpenID Connect on this machine, with one client and a sign-in page of its own.
// node provider.mjs PORT REDIRECT_URI SECRET   Whoever comes gives a name and the roles that the provider shall tell of them.
import { generateKeyPairSync } from 'node:crypto'
import Provider from 'oidc-provider'

const [port, redirectUri, secret] = process.argv.slice(2)
const issuer = `http://localhost:${port}`
const people = new Map()

const provider = new Provider(issuer, {
  clients: [{ client_id: 'smartdistrict', client_secret: secret, redirect_uris: [redirectUri] }],
  claims: { openid: ['sub'], profile: ['name', 'preferred_username', 'roles'] },
  cookies: { keys: [secret] },
  features: { devInteractions: { enabled: false } },
  findAccount: (_, id) => people.get(id),
  interactions: { url: (_, interaction) => `/enter/${interaction.uid}` },
  jwks: { keys: [{ ...generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'jwk' }), use: 'sig', alg: 'RS256' }] },
  // What the client asks for is granted without a question: who signs in here came from there.
  loadExistingGrant: async ctx => {
    const grant = new ctx.oidc.provider.Grant({ clientId: ctx.oidc.client.clientId, accountId: ctx.oidc.session.accountId })
    grant.addOIDCScope('openid profile')
    await grant.save()
    return grant
  },
})

provider.use(async (ctx, next) => {
  if (!ctx.path.startsWith('/enter/')) return next()
  if (ctx.method === 'GET') {
    ctx.type = 'html'
    ctx.body = '<title>City ID</title><h1>City ID</h1><form method="post"><input name="name" aria-label="name"> <input name="roles" aria-label="roles"> <button>Enter</button> <button name="cancel" value="1">Cancel</button></form>'
    return
  }
  const chunks = []
  for await (const chunk of ctx.req) chunks.push(chunk)
  const form = new URLSearchParams(Buffer.concat(chunks).toString())
  const id = `id-of-${form.get('name')}`
  people.set(id, { accountId: id, claims: () => ({ sub: id, name: form.get('name'), preferred_username: form.get('name'), roles: form.get('roles').split(' ').filter(Boolean) }) })
  ctx.respond = false
  await provider.interactionFinished(ctx.req, ctx.res, form.get('cancel') ? { error: 'access_denied' } : { login: { accountId: id, remember: false } }, { mergeWithLastSubmission: false })
})

provider.listen(port, 'localhost')
