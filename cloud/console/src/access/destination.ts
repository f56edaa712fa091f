/** Where to go after signing in: a path within this console, never another site. */
export function destination(to: unknown): string {
  return typeof to === 'string' && /^\/(?![/\\])/.test(to) && !to.startsWith('/sign-in') ? to : '/'
}
