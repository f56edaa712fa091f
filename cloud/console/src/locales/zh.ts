import access from '../access/texts.zh'
import alarms from '../alarms/texts.zh'
import api from '../api/texts.zh'
import assets from '../assets/texts.zh'
import devices from '../devices/texts.zh'
import footfall from '../footfall/texts.zh'
import frame from '../frame/texts.zh'
import history from '../history/texts.zh'
import map from '../map/texts.zh'
import numbers from '../numbers/texts.zh'
import people from '../people/texts.zh'
import reports from '../reports/texts.zh'
import time from '../time/texts.zh'
import { merged } from './merged'

/** Each room has its own texts; a test sees to it that both languages have all of them. */
const zh = merged(frame, api, access, footfall, map, assets, time, history, numbers, reports, alarms, devices, people)

export type Messages = typeof zh
export default zh
