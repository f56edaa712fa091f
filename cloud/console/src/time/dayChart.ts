import { BarChart, LineChart } from 'echarts/charts'
import { GridComponent } from 'echarts/components'
import { init, use, type EChartsType } from 'echarts/core'
import { CanvasRenderer } from 'echarts/renderers'

use([BarChart, LineChart, GridComponent, CanvasRenderer])

export interface DayChartColors { bar: string; live: string; mark: string; compared: string }

/** The district's day as bars under the time slider, one per slider position. */
export class DayChart {
  readonly #chart: EChartsType

  constructor(element: HTMLElement) {
    this.#chart = init(element, null, { renderer: 'canvas' })
    this.#chart.setOption({
      animation: false,
      grid: { left: 0, right: 0, top: 4, bottom: 0 },
      xAxis: { type: 'category', show: false, boundaryGap: true },
      yAxis: { type: 'value', show: false, min: 0 },
      series: [
        { type: 'bar', barCategoryGap: '18%', silent: true },
        { type: 'line', step: 'middle', showSymbol: false, silent: true, lineStyle: { width: 1.5 } },
      ],
    })
  }

  /** `values`: one per bar, null = no data; the last may be the live one. `compared`: what they are compared with. */
  show(values: readonly (number | null)[], compared: readonly (number | null)[], mark: number, hasLive: boolean, colors: DayChartColors) {
    const live = hasLive ? values.length - 1 : -1
    this.#chart.setOption({
      xAxis: { data: values.map((_, i) => i) },
      series: [{
        data: values.map((value, i) => ({
          value: value ?? '-',
          itemStyle: { color: i === mark ? colors.mark : i === live ? colors.live : colors.bar, borderRadius: 1 },
        })),
      }, {
        data: values.map((_, i) => compared[i] ?? '-'),
        lineStyle: { color: colors.compared },
      }],
    })
  }

  resize() { this.#chart.resize() }
  dispose() { this.#chart.dispose() }
}
