/** What an act changed, field by field; a field that held nothing before or holds nothing after is null there. */
export interface Change { field: string; before: string | null; after: string | null }

const told = (value: unknown): string | null =>
  value == null ? null : Array.isArray(value) ? value.join(', ') : String(value)

export function changes(before: unknown, after: unknown): Change[] {
  const [b, a] = [fields(before), fields(after)]
  return [...new Set([...Object.keys(b), ...Object.keys(a)])]
    .map(field => ({ field, before: told(b[field]), after: told(a[field]) }))
    .filter(change => change.before !== change.after)
}

/** By name; what stands within another has both names: `name.zh`. */
const fields = (value: unknown, within = ''): Record<string, unknown> =>
  value == null ? {}
    : typeof value !== 'object' || Array.isArray(value) ? { [within]: value }
      : Object.assign({}, ...Object.entries(value).map(([name, of]) => fields(of, within ? `${within}.${name}` : name)))
