// `npm run new:fault <area>/<id>` or `npm run new:fault <id> -- --area <area>`: the file of a new fault, registered.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { nearest } from '../src/run/nearest.ts'
import { catalogue, catalogueFile, retired } from './catalogue.ts'
import { template, withFault } from './fault/template.ts'

const root = join(import.meta.dirname, '..')
const folder = 'src/knowledge/faults'
const areas = readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) =>
  entry.isDirectory() ? [entry.name] : [],
)

const problem = attempt(process.argv.slice(2))
if (problem !== undefined) {
  console.error(problem)
  process.exitCode = 2
}

function attempt(argv: string[]): string | undefined {
  try {
    return run(argv)
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

function run(argv: string[]): string | undefined {
  const { values, positionals } = parseArgs({
    args: argv,
    allowPositionals: true,
    options: { area: { type: 'string' }, unlisted: { type: 'boolean', default: false } },
  })
  const [word = '', ...more] = positionals
  const [id = '', area = values.area ?? ''] = word.split('/').toReversed()
  if (word === '' || more.length > 0) return `Give one id: npm run new:fault <area>/<id>. Areas: ${areas.join(', ')}`
  const wrong = objection(id, area, values.unlisted)
  if (wrong !== undefined) return wrong

  const file = `${folder}/${area}/${id}.ts`
  const index = join(root, folder, area, 'index.ts')
  writeFileSync(join(root, file), template(id))
  writeFileSync(index, withFault(readFileSync(index, 'utf8'), area, id))
  if (!catalogue.includes(id)) writeFileSync(catalogueFile, `${[...catalogue, id].toSorted().join('\n')}\n`)
  console.log(nextSteps(id, area, file))
  return undefined
}

function objection(id: string, area: string, unlisted: boolean): string | undefined {
  const offers = (known: readonly string[]): string => {
    const near = nearest(id, known)
    return near.length === 0 ? '' : ` Near it: ${near.join(', ')}.`
  }
  const exists = areas.find((one) => existsSync(join(root, folder, one, `${id}.ts`)))
  if (!/^[a-z0-9]+(-[a-z0-9]+)+$/.test(id))
    return `"${id}" is not an id: words in lower case, joined by dashes, that name the broken state.`
  if (exists !== undefined) return `There is a fault ${id} already: ${folder}/${exists}/${id}.ts`
  if (retired.includes(id)) return `${id} is the id of a fault that was retired: it is never given to another one.`
  if (!areas.includes(area))
    return `${area === '' ? 'No area is given' : `There is no area "${area}"`}: ${areas.join(', ')}`
  if (!catalogue.includes(id) && !unlisted)
    return `${id} is not in scripts/catalogue.txt.${offers(catalogue)} If it is new, say so: --unlisted puts it there.`
  return undefined
}

function nextSteps(id: string, area: string, file: string): string {
  return `Written: ${file}, and registered in ${folder}/${area}/index.ts

Next:
  1. Fill in ${file}. "npm run unit -- test/knowledge.test.ts" names what is missing.
  2. Name '${id}' in a ladder of src/knowledge/tree/, where an expert would rule it out.
  3. Record a cluster that has it, and the same cluster repaired: nomad-netdoctor capture -o cases/${id}
  4. "npm run docs" prints its page, "npm test" checks all of it.`
}
