import { ApiProblem, messageKey } from '../api/problem'
import { i18n } from './i18n'

/** A problem in the user's words. */
export function problemText(problem: unknown): string {
  const { t, te } = i18n.global
  if (!(problem instanceof ApiProblem)) return t('problem.unavailable')
  // `te` looks into the current language only; both have the same keys, a test sees to it.
  return t(messageKey(problem, key => te(key)))
}
