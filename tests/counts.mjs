// Prints passed, failed and skipped of a test project's .trx file, and what failed to standard error.
import { readFileSync } from 'node:fs'

const text = entities => entities.replace(/&#xD;/g, '').replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&quot;/g, '"').replace(/&apos;/g, "'").replace(/&amp;/g, '&')

let trx = ''
try {
  trx = readFileSync(process.argv[2], 'utf8')
} catch {
  console.error(`${process.argv[2]} was not written: the test project did not run`)
}
for (const [, name, result] of trx.matchAll(/<UnitTestResult [^>]*testName="([^"]*)"[^>]*outcome="Failed"[^>]*>([\s\S]*?)<\/UnitTestResult>/g)) {
  const said = tag => text(result.match(new RegExp(`<${tag}>([\\s\\S]*?)</${tag}>`))?.[1] ?? '')
  console.error(`\nFAILED ${text(name)}\n${said('Message')}\n${said('StackTrace')}`)
}
const count = name => Number(trx.match(new RegExp(`<Counters[^>]*\\b${name}="(\\d+)"`))?.[1] ?? 0)
const executed = count('executed')
// a project that ran no test has not passed
console.log(count('passed'), Math.max(count('failed') + count('error') + count('timeout') + count('aborted'), executed ? 0 : 1), count('total') - executed)
