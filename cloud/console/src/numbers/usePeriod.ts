import { computed } from 'vue'
import { useRoute, useRouter } from 'vue-router'

/** The period and the area that a page shows; they stand in the address, so that a link keeps them. */
export function usePeriod() {
  const route = useRoute()
  const router = useRouter()
  const one = (key: string, otherwise: string) => computed(() => (typeof route.query[key] === 'string' && route.query[key] ? route.query[key] : otherwise))
  const period = one('period', 'day')
  const area = one('area', 'district')
  function write(key: string, value: string, usual: string) {
    const { [key]: _, ...rest } = route.query
    void router.push({ query: value === usual ? rest : { ...rest, [key]: value } })
  }
  return {
    period: computed({ get: () => period.value, set: (name: string) => write('period', name, 'day') }),
    area: computed({ get: () => area.value, set: (id: string) => write('area', id, 'district') }),
  }
}
