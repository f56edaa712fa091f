import { mount } from '@vue/test-utils'
import { describe, expect, it } from 'vitest'
import { i18n } from '../locales/i18n'
import DateField from './DateField.vue'

const field = (modelValue: string, time = false) => {
  const wrapper = mount(DateField, { props: { modelValue, time, 'onUpdate:modelValue': (value: string) => wrapper.setProps({ modelValue: value }) }, attrs: { name: 'from' }, global: { plugins: [i18n] } })
  return { wrapper, input: wrapper.get<HTMLInputElement>('input[name=from]'), value: () => wrapper.props('modelValue') }
}

describe('a date field', () => {
  it.each([
    ['2026-03-02', '2026-03-02'],
    ['2026/3/2', '2026-03-02'],
    ['2026年3月2日', '2026-03-02'],
    ['２０２６－０３－０２', '2026-03-02'],
    [' 2026.03.02 ', '2026-03-02'],
    ['', ''],
  ])('reads %j', async (written, told) => {
    const { input, value } = field('2026-01-01')
    await input.setValue(written)
    await input.trigger('change')
    expect(value()).toBe(told)
    expect(input.element.value).toBe(told)
    expect(input.element.validity.customError).toBe(false)
  })

  it('shows a time as people write it, and tells it as the service reads it', async () => {
    const { input, value } = field('2026-03-02T08:30', true)
    expect(input.element.value).toBe('2026-03-02 08:30')
    await input.setValue('2026-3-2 9:05')
    await input.trigger('change')
    expect(value()).toBe('2026-03-02T09:05')
  })

  it.each(['2026-02-30', 'yesterday', '02/03/2026', '2026-03-02 08:30'])('marks %j, which is no date', async written => {
    const { input } = field('')
    await input.setValue(written)
    await input.trigger('change')
    expect(input.element.validity.customError).toBe(true)
  })

  it('tells nothing of a date that is half typed', async () => {
    const { input, value } = field('2026-01-01')
    input.element.value = '2026-0'
    await input.trigger('input')
    expect(value()).toBe('2026-01-01')
  })
})
