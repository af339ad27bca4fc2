/** docs/tree: the decision tree, drawn and written. */
import { questions, root } from '../../src/knowledge/tree/index.ts'
import type { Ladder, Question } from '../../src/knowledge/tree/question.ts'
import { faultLink } from './fault-pages.ts'
import { sources, whoAnswers } from './knowing.ts'
import { block, code, factLink, page, prose } from './markdown.ts'
import type { Page } from './page.ts'
import { foot, rungs } from '../../src/knowledge/tree/places.ts'
import { branches } from './branches.ts'
import { chart, label } from './tree-chart.ts'

const legend = `A rhombus is a question, a box is a fault to rule out, a stadium is a leaf. Going down, the first box that is present is the diagnosis; a box that is absent or not known is passed. Colours say who answers: ${sources.join(', ')} (yellow, violet, blue, green).`

export function treePages(): readonly Page[] {
  return [
    overview(),
    ...Object.entries(root.answers).map(([answer, { label: said, then }]) => symptomPage(answer, said, then)),
  ]
}

function overview(): Page {
  return {
    file: 'tree/README.md',
    text: page(
      'The decision tree',
      'Every diagnosis walks this tree from the top. A question is answered by measurement where that is possible, else by the person, else by the branch that is followed when nobody knows; the report says which of the three it was.',
      block([skeleton()], 'mermaid'),
      'The whole of it, one page for each answer to the first question:',
      Object.entries(root.answers)
        .map(([answer, { label: said }]) => `- [${prose(said)}](${answer}.md)`)
        .join('\n'),
      ...questions.map(written),
    ),
  }
}

const nodeId = (question: Question): string => `q${questions.indexOf(question)}`

/** Questions only, with the number of faults on each branch. */
function skeleton(): string {
  const lines = questions.flatMap((question) => [
    `  ${nodeId(question)}{${label(question.ask)}}`,
    ...branches(question).map(({ labels, then }, i) => {
      const next = foot(then)
      const count = rungs(then).length
      const text = label(`${labels.join(', or ')}: ${count} ${count === 1 ? 'fault' : 'faults'}`)
      return `  ${nodeId(question)} -->|${text}| ${next ? nodeId(next) : `${nodeId(question)}e${i}(["Unexplained"])`}`
    }),
  ])
  return ['flowchart TD', ...lines].join('\n')
}

function written(question: Question): string {
  const { id, ask, why, reads, unsure, answers } = question
  const who =
    reads === undefined
      ? 'Only a person can tell.'
      : `Measured: ${factLink(reads, '../')}, answered by: ${whoAnswers(question)}.`
  return [
    `## ${prose(ask)}`,
    `${prose(why)} ${who} When nobody knows: “${prose(answers[unsure]?.label ?? unsure)}”. By flag: ${code(`--answer ${id}=${Object.keys(answers).join('|')}`)}.`,
    ...branches(question).map(
      ({ labels, then }) => `${labels.map((said) => `**${prose(said)}**`).join(', ')}\n\n${ladder(then)}`,
    ),
  ].join('\n\n')
}

function ladder(then: Ladder): string {
  const next = foot(then)
  const lines = rungs(then).map((id) => faultLink(id).replace('](', '](../faults/'))
  const last = next ? `then: ${prose(next.ask)}` : 'then: unexplained'
  return [...lines, last].map((line, i) => `${i + 1}. ${line}`).join('\n')
}

function symptomPage(answer: string, said: string, then: Ladder): Page {
  return {
    file: `tree/${answer}.md`,
    text: page(
      said,
      `${legend} All branches: [the decision tree](README.md).`,
      block([chart(root, (question, one) => question !== root || one === answer)], 'mermaid'),
      '## What is ruled out first',
      ladder(then),
    ),
  }
}
