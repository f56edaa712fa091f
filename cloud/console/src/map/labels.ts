/** About how wide a text is in px: CJK characters are square, Latin ones a good half. */
export function textWidth(text: string, size: number): number {
  let width = 0
  for (const character of text) width += character.codePointAt(0)! > 0x2e7f ? size : size * 0.56
  return width
}

export type LabelRoom = 'both' | 'number' | 'none'

/** What fits into a zone of a size in px: its name above its number, the number alone, or nothing. */
export function labelRoom(width: number, height: number, name: string, number: string): LabelRoom {
  if (width < textWidth(number, 15) + 8 || height < 20) return 'none'
  return width >= textWidth(name, 12) + 10 && height >= 42 ? 'both' : 'number'
}
