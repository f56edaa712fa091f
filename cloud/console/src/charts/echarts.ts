import { BarChart, HeatmapChart, LineChart, SankeyChart } from 'echarts/charts'
import { CalendarComponent, DataZoomInsideComponent, GridComponent, LegendPlainComponent, MarkAreaComponent, MarkLineComponent, TooltipComponent, VisualMapComponent } from 'echarts/components'
import { init, use } from 'echarts/core'
import { CanvasRenderer } from 'echarts/renderers'

// The parts that some page draws with: each adds the one that it lacks.
use([
  BarChart, HeatmapChart, LineChart, SankeyChart,
  CalendarComponent, DataZoomInsideComponent, GridComponent, LegendPlainComponent, MarkAreaComponent, MarkLineComponent, TooltipComponent, VisualMapComponent,
  CanvasRenderer,
])

export { init }
