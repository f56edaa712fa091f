import type { components } from './generated'

type Schemas = components['schemas']

export type LocalizedName = Schemas['LocalizedName']
export type District = Schemas['DistrictInfo']
export type SessionState = Schemas['SessionState']
export type Person = Schemas['Person']
export type PeoplePage = Schemas['PeoplePage']
export type Invitation = Schemas['Invitation']
export type ApiToken = Schemas['ApiToken']
export type TokenPage = Schemas['TokenPage']
export type MadeToken = Schemas['MadeToken']
export type AuditEntry = Schemas['AuditEntry']
export type AuditPage = Schemas['AuditPage']
export type ZoneCollection = Schemas['ZoneCollection']
export type ZoneProperties = Schemas['ZoneProperties']
export type LineCollection = Schemas['LineCollection']
export type LineProperties = Schemas['LineProperties']
export type ZoneFootfall = Schemas['ZoneFootfall']
export type HeatmapAnswer = Schemas['HeatmapAnswer']
export type TotalAnswer = Schemas['TotalAnswer']
export type Figure = Schemas['Figure']
export type AreaFigures = Schemas['AreaFigures']
export type AreaNumbers = Schemas['AreaNumbers']
export type StepNumbers = Schemas['StepNumbers']
export type PeriodInfo = Schemas['PeriodInfo']
export type DistrictNumbers = Schemas['DistrictNumbers']
export type NumbersOverTime = Schemas['NumbersOverTime']
export type Report = Schemas['Report']
export type Flow = Schemas['Flow']
export type FlowFootfall = Schemas['FlowFootfall']
export type CalendarAnswer = Schemas['CalendarAnswer']
export type CalendarEntry = Schemas['CalendarEntry']
export type NewCalendarEntry = Schemas['NewCalendarEntry']
export type StaleStore = Schemas['StaleStore']
/** The numbers that a heatmap and a total can show. */
export type Measure = 'entries' | 'exits' | 'unplaced-entries' | 'unplaced-exits' | 'occupancy'
export type LineFootfall = Schemas['LineFootfall']
export type FloorPlanInfo = Schemas['PlanInfo']
export type BasemapInfo = Schemas['BasemapInfo']
export type Device = Schemas['DeviceInfo']
export type Locker = Schemas['LockerInfo']
export type LockerDetail = Schemas['LockerDetail']
export type Compartment = Schemas['CompartmentInfo']
export type Kiosk = Schemas['KioskInfo']
export type Cart = Schemas['CartInfo']
export type CartTrack = Schemas['CartTrack']
/** Data of the live events lockers, kiosks and carts. */
export type LockersEvent = Schemas['LockerPage']
export type KiosksEvent = Schemas['KioskPage']
export type CartsEvent = Schemas['CartPage']
export type LiveEvent = Schemas['LiveEvent']
export type AlarmsEvent = Schemas['AlarmsEvent']
export type LiveZone = Schemas['LiveZone']

/** Trust of a window as the API states it; `none` = no data. */
export type Status = Schemas['Trust']

const STATUSES: Record<Status, true> = { complete: true, provisional: true, partial: true, repaired: true, stale: true, none: true }

/** A status that this console does not know is not vouched for: it counts as `partial`. */
export function toStatus(text: string | null | undefined): Status {
  if (!text) return 'none'
  return text in STATUSES ? (text as Status) : 'partial'
}
