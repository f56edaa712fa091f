interface Entry { id: number | null; from: string; to: string; kind: 'holiday' | 'workday' | 'event'; name: { zh: string; en: string } }

/** China's public holidays of 2026, and what happens at the harbour. */
const entries: Entry[] = [
  { id: null, from: '2026-01-01', to: '2026-01-03', kind: 'holiday', name: { zh: '元旦', en: 'New Year' } },
  { id: null, from: '2026-01-04', to: '2026-01-04', kind: 'workday', name: { zh: '元旦调休上班', en: 'Worked for New Year' } },
  { id: null, from: '2026-02-14', to: '2026-02-14', kind: 'workday', name: { zh: '春节调休上班', en: 'Worked for Spring Festival' } },
  { id: null, from: '2026-02-15', to: '2026-02-23', kind: 'holiday', name: { zh: '春节', en: 'Spring Festival' } },
  { id: null, from: '2026-04-04', to: '2026-04-06', kind: 'holiday', name: { zh: '清明节', en: 'Qingming Festival' } },
  { id: null, from: '2026-05-01', to: '2026-05-05', kind: 'holiday', name: { zh: '劳动节', en: 'Labour Day' } },
  { id: null, from: '2026-05-09', to: '2026-05-09', kind: 'workday', name: { zh: '劳动节调休上班', en: 'Worked for Labour Day' } },
  { id: 1, from: '2026-06-05', to: '2026-06-07', kind: 'event', name: { zh: '海港音乐节', en: 'Harbour music festival' } },
  { id: null, from: '2026-06-19', to: '2026-06-21', kind: 'holiday', name: { zh: '端午节', en: 'Dragon Boat Festival' } },
]

export const calendar = {
  between: (from: string, to: string) => ({ entries: entries.filter(entry => entry.from <= to && entry.to >= from) }),
  add(wanted: { from: string; to: string; kind: Entry['kind']; nameZh?: string; nameEn?: string }) {
    const { nameZh, nameEn, ...rest } = wanted
    const entry = { id: entries.length + 1, ...rest, name: { zh: nameZh ?? nameEn ?? '', en: nameEn ?? nameZh ?? '' } }
    entries.push(entry)
    return entry
  },
  remove(id: number) {
    entries.splice(entries.findIndex(entry => entry.id === id), 1)
  },
}
