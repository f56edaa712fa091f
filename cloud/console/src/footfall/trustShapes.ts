import type { Trust } from './trust'

/** The badge of each trust as strokes in a square of 16 units: the same shape in lists, panels and on the map. */
export const trustShapes: Record<Trust, string> = {
  complete: 'M3.5 8.5 6.7 11.5 12.5 4.8',
  provisional: 'M8 3.2a4.8 4.8 0 1 0 0 9.6 4.8 4.8 0 0 0 0-9.6M8 5.6V8l1.8 1.2',
  partial: 'M3 12.5V9M8 12.5V6M13 12.5v-1M13 8V4',
  repaired: 'M12.7 7A5 5 0 1 0 12.4 10M12.9 3.6V7H9.6',
  stale: 'M3.2 3.2l9.6 9.6M5.3 10.7a4 4 0 0 1 .2-5.6M10.8 5.4a4 4 0 0 1-.1 5.2',
  none: 'M4.5 8h7',
  na: 'M4.5 8h7',
}
