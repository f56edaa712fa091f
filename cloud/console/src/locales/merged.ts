/** Texts of one language, nested by subject. */
export interface Texts { [key: string]: string | Texts }

type All<T> = (T extends unknown ? (texts: T) => void : never) extends (texts: infer I) => void ? I : never

/** The texts of all rooms as one tree. Rooms may share a subject (`problem`): its texts are put together. */
export function merged<R extends Texts[]>(...rooms: R): All<R[number]> {
  const all: Texts = {}
  for (const room of rooms) {
    for (const [subject, texts] of Object.entries(room)) all[subject] = { ...(all[subject] as Texts | undefined), ...(texts as Texts) }
  }
  return all as All<R[number]>
}
