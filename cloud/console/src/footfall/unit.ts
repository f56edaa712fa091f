/** How long a window is, as the texts name it; 1d is a business day. */
export type Unit = '1m' | '15m' | '1h' | '1d'

/** The unit of numbers over [start, end), unix seconds. */
export function unitOf(window: { start: number; end: number } | null | undefined): Unit {
  const seconds = window ? window.end - window.start : 900
  return seconds <= 60 ? '1m' : seconds <= 900 ? '15m' : seconds <= 3600 ? '1h' : '1d'
}
