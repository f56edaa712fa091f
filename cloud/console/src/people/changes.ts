/** What an act changed, field by field; a field that held nothing before or holds nothing after is null there. */
export interface Change { field: string; before: string | null; after: string | null }

const told = (value: unknown): string | null =>
  value == null ? null : typeof value === 'string' ? value : typeof value === 'object' ? JSON.stringify(value) : String(value)

export function changes(before: unknown, after: unknown): Change[] {
  const [b, a] = [fields(before), fields(after)]
  return [...new Set([...Object.keys(b), ...Object.keys(a)])]
    .map(field => ({ field, before: told(b[field]), after: told(a[field]) }))
    .filter(change => change.before !== change.after)
}

const fields = (value: unknown): Record<string, unknown> =>
  value == null ? {} : typeof value === 'object' && !Array.isArray(value) ? (value as Record<string, unknown>) : { '': value }
