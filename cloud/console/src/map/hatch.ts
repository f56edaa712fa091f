/** Diagonal stripes for "no data", so that it is told from a pale colour without colour vision. */
export function hatch(ground: string, stripe: string, pixelRatio: number): CanvasPattern | string {
  const side = Math.round(7 * pixelRatio)
  const canvas = new OffscreenCanvas(side, side)
  const context = canvas.getContext('2d')
  if (!context) return ground
  context.fillStyle = ground
  context.fillRect(0, 0, side, side)
  context.strokeStyle = stripe
  context.lineWidth = 1.1 * pixelRatio
  // Three strokes so that the corners meet when the tile repeats.
  for (const shift of [-side, 0, side]) {
    context.beginPath()
    context.moveTo(shift - 1, side + 1)
    context.lineTo(shift + side + 1, -1)
    context.stroke()
  }
  return context.createPattern(canvas, 'repeat') ?? ground
}
