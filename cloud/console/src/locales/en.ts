import access from '../access/texts.en'
import alarms from '../alarms/texts.en'
import api from '../api/texts.en'
import assets from '../assets/texts.en'
import devices from '../devices/texts.en'
import footfall from '../footfall/texts.en'
import frame from '../frame/texts.en'
import history from '../history/texts.en'
import map from '../map/texts.en'
import numbers from '../numbers/texts.en'
import people from '../people/texts.en'
import reports from '../reports/texts.en'
import time from '../time/texts.en'
import { merged } from './merged'
import type { Messages } from './zh'

const en: Messages = merged(frame, api, access, footfall, map, assets, time, history, numbers, reports, alarms, devices, people)

export default en
