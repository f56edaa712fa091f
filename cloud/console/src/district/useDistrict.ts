import { ref, shallowRef, onScopeDispose } from 'vue'
import { cloud } from '../api/cloud'
import { ApiProblem } from '../api/problem'
import type { District, LineCollection, ZoneCollection } from '../api/types'
import { districtTimeZone } from '../locales/formats'

export interface DistrictPlan {
  district: District
  zones: ZoneCollection
  lines: LineCollection
}

const RETRY_SECONDS = 10

/** The district's plan; after a failure it is asked for again by itself. */
export function useDistrict() {
  const plan = shallowRef<DistrictPlan | null>(null)
  const problem = shallowRef<ApiProblem | null>(null)
  const retryIn = ref(0)
  let timer: ReturnType<typeof setInterval> | undefined

  async function load() {
    clearInterval(timer)
    try {
      const [district, zones, lines] = await Promise.all([cloud.district(), cloud.zones(), cloud.lines()])
      districtTimeZone.value = district.timeZone
      plan.value = { district, zones, lines }
      problem.value = null
    } catch (error) {
      problem.value = error instanceof ApiProblem ? error : new ApiProblem(0, 'unreachable')
      retryIn.value = RETRY_SECONDS
      timer = setInterval(() => { if (--retryIn.value <= 0) void load() }, 1000)
    }
  }

  /** What operators change of the plan while it is on screen: the calibration of its lines. */
  async function renewLines() {
    if (!plan.value) return
    // What cannot be had now comes with the next change, or with the stream's next beginning.
    const lines = await cloud.lines().catch(() => null)
    if (lines && plan.value) plan.value = { ...plan.value, lines }
  }

  void load()
  onScopeDispose(() => clearInterval(timer))
  return { plan, problem, retryIn, load, renewLines }
}
