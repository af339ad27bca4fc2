/** docs/faults/<id>.md: one page per fault, printed from its file. */
import type { Fault, FixStep } from '../../src/knowledge/fault.ts'
import { faultById, faultList, faultsByArea } from '../../src/knowledge/faults/index.ts'
import { shownOf } from '../../src/knowledge/shown.ts'
import { versionsText } from '../../src/knowledge/version.ts'
import { command } from '../../src/ask/words.ts'
import { block, bullets, code, each, factLink, indented, page, prose, section } from './markdown.ts'
import type { Page } from './page.ts'
import { placesOf } from '../../src/knowledge/tree/places.ts'
import { shownEdits, type ShownEdit } from './edits.ts'
import { distinct, proofOf, recordedCases, type Recorded } from './recorded.ts'

export async function faultPages(): Promise<readonly Page[]> {
  const cases = recordedCases()
  const edits = await shownEdits()
  return Object.entries(faultsByArea).flatMap(([area, own]) =>
    own.map((fault) => ({ file: `faults/${fault.id}.md`, text: faultPage(fault, area, cases, edits.get(fault.id)) })),
  )
}

function faultPage(fault: Fault, area: string, cases: readonly Recorded[], edit: ShownEdit | undefined): string {
  const {
    id,
    title,
    layer,
    severity,
    about,
    because,
    byHand,
    heard,
    explains,
    references,
    versions,
    since,
    aliases,
    intended,
  } = fault
  const explainedBy = faultList.filter((other) => other.explains.includes(id)).map((other) => other.id)
  return page(
    title,
    bullets([
      `Id: ${code(id)}${aliases === undefined ? '' : `, also known as ${aliases.map(code).join(', ')}`}`,
      `Area: ${area} · layer: ${layer} · severity: ${severity} · judged for ${each(about)}`,
      `Since ${since}${versions === undefined ? '' : ` · ${prose(versionsText(versions))}`}`,
      `Source: [${id}.ts](../../src/knowledge/faults/${area}/${id}.ts)`,
    ]),
    section('Why it breaks', prose(because)),
    example(fault),
    edited(edit),
    intended === undefined ? '' : section('When it may be meant so', `All is well ${prose(intended)}.`),
    section('How to tell by hand', prose(byHand)),
    section('How it sounds', heard.length === 0 ? 'It says nothing: no error is printed anywhere.' : block(heard)),
    section('What is looked at', bullets(seen(fault))),
    foretold(fault),
    section(
      'Its place in the tree',
      bullets(
        placesOf(id).map(({ question, answers }) => `${prose(question.ask)} → ${answers.map(prose).join(' · ')}`),
      ),
    ),
    section('Explains', bullets(explains.map(faultLink))),
    section('Explained by', bullets(explainedBy.map(faultLink))),
    section('Proof', proof(fault, cases)),
    section('References', bullets(references.map(reference))),
  )
}

/** What the report says, and the fix, both from the first present example. */
function example(fault: Fault): string {
  const shown = shownOf(fault)
  if (!shown) return ''
  return [
    section('What the report says', `For example (${prose(shown.example)}):\n\n> ${prose(shown.says)}`),
    section('How to fix it', `In that example:\n\n${shown.fix.map(step).join('\n')}`),
  ].join('\n\n')
}

/** A wrong job file and what the edit makes of it. */
function edited(shown: ShownEdit | undefined): string {
  if (!shown) return ''
  const { file, diff, safe } = shown
  const applied = safe
    ? '`nomad-netdoctor lint --fix` writes it'
    : '`nomad-netdoctor lint --fix --unsafe-fixes` writes it: look at the diff first'
  const lines = block(diff.replace(/\n$/, '').split('\n').slice(2), 'diff')
  return section(
    'Wrong and right',
    `Of [${file}](../../${file}), as the program edits it and has tried it; ${applied}.\n\n${lines}`,
  )
}

/** What the report says of a file that has it. */
function foretold({ foretold: rule }: Fault): string {
  const shown = rule?.examples.find(({ then }) => then === 'present')
  const said = shown && rule?.holds(shown.given)
  if (!rule || !shown || !said) return ''
  const says = typeof said === 'string' ? said : said.says
  const looked = bullets(seen(rule))
  return section(
    'In a file, before anything runs',
    `\`nomad-netdoctor lint\` judges it for ${each(rule.about)}. For example (${prose(shown.name)}):\n\n> ${prose(says)}\n\nWhat is looked at:\n\n${looked}`,
  )
}

function step({ do: what, on, run, diff, risk }: FixStep, index: number): string {
  return [
    `${index + 1}. ${prose(what)} (${prose(on)}). Risk: ${prose(risk)}`,
    ...(run ? ['', indented(block([command(run)], 'sh'))] : []),
    ...(diff === undefined ? [] : ['', indented(block(diff.replace(/\n$/, '').split('\n'), 'diff'))]),
  ].join('\n')
}

function seen({ needs, onlyWhen = {} }: Fault): string[] {
  return [
    ...Object.entries(onlyWhen).map(
      ([need, allowed]) =>
        `only when ${factLink(need, '../')} is ${allowed.map((one) => code(String(one))).join(' or ')}`,
    ),
    ...needs.map((need) => factLink(need, '../')),
  ]
}

function proof({ id, aliases = [] }: Fault, cases: readonly Recorded[]): string {
  const { cause, beside, repaired } = proofOf([id, ...aliases], cases)
  if (cause.length + beside.length === 0)
    return 'Proven by its examples alone: no cluster that has it was recorded yet.'
  return bullets([
    ...distinct(cause).map((one) => caseLine('recorded cluster with this cause', one)),
    ...distinct(beside).map((one) => caseLine('recorded cluster that has it beside another cause', one)),
    ...distinct(repaired).map((one) => caseLine('the same cluster, repaired', one)),
  ])
}

const caseLine = (what: string, { title, folder }: Recorded): string =>
  `${what}: [${prose(title)}](../../${folder}/case.json)`

export function faultLink(id: string): string {
  const fault = faultById.get(id)
  return fault ? `[${prose(fault.title)}](${id}.md)` : `${code(id)} (not judged yet)`
}

const reference = (text: string): string => (/^https?:\S+$/.test(text) ? `<${text}>` : prose(text))
