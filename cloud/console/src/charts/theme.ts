import { computed } from 'vue'
import { palettes } from '../footfall/palette'
import { theme } from '../frame/theme'

const NAMES = ['ink', 'ink-2', 'ink-3', 'rule', 'rule-strong', 'surface', 'surface-sunk', 'accent', 'select', 'bar', 'stripe', 'good', 'calm', 'warn', 'mend', 'lost'] as const
type Token = (typeof NAMES)[number]

/** The tokens as colours for a canvas, and the map's scale: they follow light and dark. */
export const chartColors = computed(() => {
  // The styles change with the theme's attribute, which a watcher sets after this.
  document.documentElement.dataset.theme = theme.value
  const style = getComputedStyle(document.documentElement)
  const tokens = Object.fromEntries(NAMES.map(name => [name, style.getPropertyValue(`--${name}`).trim()])) as Record<Token, string>
  return { ...tokens, classes: palettes[theme.value].classes, font: style.getPropertyValue('--font').trim() }
})

/** ECharts' theme: a page's option need not say any colour, font or width of a rule. */
export function chartTheme() {
  const c = chartColors.value
  const axis = {
    axisLine: { lineStyle: { color: c['rule-strong'] } },
    axisTick: { lineStyle: { color: c['rule-strong'] } },
    axisLabel: { color: c['ink-2'], fontSize: 12 },
    nameTextStyle: { color: c['ink-3'] },
    splitLine: { lineStyle: { color: c.rule } },
    splitArea: { show: false },
  }
  return {
    color: [c.accent, c.select, c.calm, c.mend, c.good, c.warn, c.lost],
    backgroundColor: 'transparent',
    textStyle: { fontFamily: c.font, color: c.ink },
    categoryAxis: { ...axis, splitLine: { show: false } },
    valueAxis: { ...axis, axisLine: { show: false }, axisTick: { show: false } },
    timeAxis: { ...axis, splitLine: { show: false } },
    legend: { textStyle: { color: c['ink-2'] }, itemWidth: 14, itemHeight: 10, icon: 'roundRect' },
    visualMap: { textStyle: { color: c['ink-2'] } },
    calendar: { itemStyle: { color: c.surface, borderColor: c.rule }, splitLine: { lineStyle: { color: c['rule-strong'] } }, dayLabel: { color: c['ink-2'] }, monthLabel: { color: c['ink-2'] }, yearLabel: { color: c['ink-3'] } },
    tooltip: { backgroundColor: c.surface, borderColor: c['rule-strong'], borderWidth: 1, padding: [8, 12], textStyle: { color: c.ink, fontSize: 13 }, axisPointer: { lineStyle: { color: c['ink-3'] }, crossStyle: { color: c['ink-3'] } } },
  }
}
