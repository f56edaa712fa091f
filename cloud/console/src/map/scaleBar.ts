/** The longest round length (1, 2 or 5 times a power of ten metres) that fits into `room` px at a resolution in m/px. */
export function scaleBar(resolution: number, room: number): { metres: number; pixels: number } {
  const longest = resolution * room
  const power = 10 ** Math.floor(Math.log10(longest))
  const metres = [5, 2, 1].map(n => n * power).find(length => length <= longest) ?? power
  return { metres, pixels: metres / resolution }
}
