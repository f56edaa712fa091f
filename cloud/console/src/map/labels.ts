/** About how wide a text is in px: CJK characters are square, Latin ones a good half. */
export function textWidth(text: string, size: number): number {
  let width = 0
  for (const character of text) width += character.codePointAt(0)! > 0x2e7f ? size : size * 0.56
  return width
}

/** Sizes of a zone's words in px: its name above its number, the number alone, or nothing (null). */
export interface LabelRoom { name: number | null; number: number }

/** The largest words that fit into a zone of a size in px. */
export function labelRoom(width: number, height: number, name: string, number: string): LabelRoom | null {
  const size = [15, 12].find(px => width >= textWidth(number, px) + 6 && height >= px + 4)
  if (!size) return null
  const nameSize = height >= 40 ? [12, 11].find(px => width >= textWidth(name, px) + 8) : undefined
  return { name: nameSize ?? null, number: size }
}
