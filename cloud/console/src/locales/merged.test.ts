import { expect, it } from 'vitest'
import { merged } from './merged'

it('puts the texts of rooms together, also where two rooms write of one subject', () =>
  expect(merged({ map: { title: 'Map' }, problem: { a: 'A' } }, { problem: { b: 'B' } })).toEqual({ map: { title: 'Map' }, problem: { a: 'A', b: 'B' } }))
