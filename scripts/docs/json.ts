/** docs/json.md: the JSON contract, version 1. */
import { json } from '../../src/renderers/json.ts'
import type { Report } from '../../src/knowledge/report.ts'
import { walkFields, walkSample, whatIfSample } from './json-walks.ts'
import { block, code, page, table } from './markdown.ts'
import type { Page } from './page.ts'

/** Every field, by its path; `[]` is an item of a list. A test compares this with what is really printed. */
export const fields: Readonly<Record<string, string>> = {
  schema: 'Version of this contract: 1',
  tool: 'Which program printed it',
  'tool.name': 'Always `nomad-netdoctor`',
  'tool.version': 'Its version',
  source: 'Where it looked',
  'source.kind': '`live` or `case`',
  'source.where': 'Address of the Nomad API, or id of the recorded case',
  subject: 'What was asked',
  'subject.from': 'Who cannot reach it, as it is named in flags; `null` when nobody is named',
  'subject.to': 'What cannot be reached; in `check` the job or client asked about, `null` for everything',
  'subject.port': 'Port label or number, or `null`',
  'subject.symptom': 'One word of `--symptom`',
  'subject.dials': 'The address, name or port that the caller dials, where `--dials` or the case says it',
  diagnosis: 'The one cause to act on, or `null`',
  'diagnosis.fault': 'Id of the fault: see [the library](faults/README.md)',
  'diagnosis.about':
    'The thing that has it: `task:JOB/GROUP/TASK`, `alloc:ALLOC8`, `group:JOB/GROUP`, `job:JOB`, `service:NAME`, `node:NAME`, `path:FROM->TO`, `cluster`',
  'diagnosis.sentence': 'What is wrong, with the names of this case',
  'diagnosis.instances': 'With several target instances: how many have it',
  'diagnosis.instances.affected': 'Instances that have it',
  'diagnosis.instances.total': 'Instances in all',
  findings: 'Everything that is present, the diagnosis first',
  'findings[].id': 'Id of the fault',
  'findings[].about': 'The thing that has it',
  'findings[].verdict': 'Always `present`',
  'findings[].severity': '`breaks`, `degrades` or `risks`',
  'findings[].sentence': 'What is wrong, with the names of this case',
  'findings[].location': 'Where in a job or agent file; absent when no file shows it',
  'findings[].location.file': 'Name of the file',
  'findings[].location.line': 'Line, from 1',
  'findings[].location.column': 'Column, from 1',
  'findings[].explainedBy': 'Id of the present fault it is a consequence of; absent when it is none',
  'findings[].explainedByAbout': 'What that fault is about; `explainedBy` and this name one of the findings',
  'findings[].fix': 'What to do, in order',
  'findings[].fix[].do': 'The step, in words',
  'findings[].fix[].on': 'Where: job file, a client, Consul, …',
  'findings[].fix[].run': 'A command as a list of arguments, where one does it; never a shell line',
  'findings[].fix[].diff': 'A unified diff of the job file, where the cure follows from the job itself',
  'findings[].fix[].changes': 'The same by lines, for programs',
  'findings[].fix[].changes[].line': 'The first line that goes',
  'findings[].fix[].changes[].endLine': 'The line behind the last one that goes',
  'findings[].fix[].changes[].text': 'What takes their place',
  'findings[].fix[].proven':
    'true: tried on the same facts, and nothing else breaks. The edited file was judged again and the fault is gone; or with the command the packet arrives (`trial`)',
  'findings[].fix[].plan':
    'What the servers say they would do with the edited file: how many allocations of each group they would place, replace or stop, and whether there is room; or why they refuse the job',
  'findings[].fix[].unplanned':
    'Why that is not known: a refusal, a reply that cannot be read, no servers, `--offline`, an edit of a file that is no job; neither this nor `plan` where a recording holds no answer',
  'findings[].fix[].uncovers':
    'What is wrong with the edited file that was not before, brought by the edit or hidden until then: such an edit is not proven',
  'findings[].fix[].uncovers[].about': 'The thing that has it',
  'findings[].fix[].uncovers[].id': 'The id of that fault',
  'findings[].fix[].safe': 'true: the edit can only be what the job means; `lint --fix` writes it',
  'findings[].fix[].note': 'Why a person has to make the step, or why the edit is not proven',
  'findings[].fix[].risk': 'What the step may disturb',
  'findings[].fix[].trial':
    'What the packet walk says of the command, tried on a copy of what was read; absent where a step has no command that it models',
  'findings[].fix[].trial.tried': '`false` where the command could not be modelled on what was read',
  'findings[].fix[].trial.because': 'Why it was not tried; only then',
  'findings[].fix[].trial.address': 'The address the caller was followed to, and where it stands',
  'findings[].fix[].trial.before':
    'What the caller sees there now: `answered`, `refused`, `unreachable`, `silent` or `unknown`',
  'findings[].fix[].trial.after': 'What it would see with the step',
  'findings[].fix[].trial.arrives':
    '`yes` where every address of the path is answered with the step, `no` or `unknown`',
  'findings[].fix[].trial.others': 'How many other connections of these clients were compared',
  'findings[].fix[].trial.worse': 'Connections that fare worse with the step',
  'findings[].fix[].trial.worse[].what': 'The connection',
  'findings[].fix[].trial.worse[].before': 'What its caller sees now',
  'findings[].fix[].trial.worse[].after': 'What it would see with the step',
  'findings[].doc': 'The page of the fault, from the root of the repository',
  'findings[].evidence': 'What it is read from, the most telling first',
  'findings[].evidence[].request': 'What was asked, as a person would type it',
  'findings[].evidence[].excerpt': 'The part of the reply that shows it',
  'findings[].evidence[].others':
    'The excerpt follows from this reply and so many others; absent where the reply shows it alone',
  'findings[].evidence[].at': 'When it was asked, ISO 8601',
  undetermined:
    'Without a diagnosis, and where something is wrong or open: the sentence that says so, the same as in text: first what was measured to be wrong, then how much is not settled',
  signs: 'Without a diagnosis: what was measured to be wrong and does not say why, the strongest first',
  'signs[].about': 'The path, client or group that shows it',
  'signs[].sentence': 'What is wrong',
  'signs[].meets':
    'What it met: `refused`, `silence`, `no-name`, `not-placed`, `not-up` or `other`. The faults this points to stand first in `unknown`',
  'signs[].evidence': 'As in findings',
  'signs[].evidence[].request': 'What was asked',
  'signs[].evidence[].excerpt': 'The part of the reply that shows it',
  'signs[].evidence[].others':
    'The excerpt follows from this reply and so many others; absent where the reply shows it alone',
  'signs[].evidence[].at': 'When it was asked',
  unplaced:
    'In `check`: each group that has no allocation, or fewer than it wants, where no finding says why; with a diagnosis and without',
  'unplaced[].about': 'The group',
  'unplaced[].sentence': 'What it lacks',
  'unplaced[].meets': 'Always `not-placed`',
  'unplaced[].evidence': 'As in findings',
  'unplaced[].evidence[].request': 'What was asked',
  'unplaced[].evidence[].excerpt': 'The part of the reply that shows it',
  'unplaced[].evidence[].others':
    'The excerpt follows from this reply and so many others; absent where the reply shows it alone',
  'unplaced[].evidence[].at': 'When it was asked',
  foretold:
    "What the job file, or a client's configuration, says will break, where nothing measured whether it does: the measurement was refused or is missing, or nothing runs. Neither present nor absent; it ends no walk and changes no exit code",
  'foretold[].id': 'Id of the fault',
  'foretold[].about': 'The thing it is said of',
  'foretold[].severity': '`breaks` or `degrades`',
  'foretold[].sentence': 'What is written there',
  'foretold[].because': 'Why it is not measured',
  'foretold[].because[].fact': 'As in `unknown`',
  'foretold[].because[].why': 'As in `unknown`',
  'foretold[].because[].words': 'The fact in words',
  'foretold[].because[].detail': 'The refusal in the words of the world, where there is one',
  'foretold[].fix': 'As in findings',
  'foretold[].fix[].do': 'As in findings',
  'foretold[].fix[].on': 'As in findings',
  'foretold[].fix[].risk': 'As in findings',
  'foretold[].doc': 'As in findings',
  'foretold[].evidence': 'As in findings',
  'foretold[].evidence[].request': 'What was asked',
  'foretold[].evidence[].excerpt': 'The part of the reply that shows it',
  'foretold[].evidence[].others':
    'The excerpt follows from this reply and so many others; absent where the reply shows it alone',
  'foretold[].evidence[].at': 'When it was asked',
  ends: 'Without a diagnosis: where the packet ends by the rules and routes that were read; absent where an address of the path answers, or may',
  'ends.about': 'The path',
  'ends.address': 'The address the packet goes to',
  'ends.place': 'Where it ends: a client, an allocation, outside',
  'ends.why': 'What ends it there: the rule, route, setting or device',
  'ends.of': '`packet`, or `answer` where the packet arrives and its answer ends',
  unknown: 'Faults that could not be judged. They are neither present nor absent',
  'unknown[].id': 'Id of the fault',
  'unknown[].about': 'The thing it could not be judged for',
  'unknown[].because': 'The facts that are missing',
  'unknown[].because[].fact': 'Name of the fact: see [facts](facts.md)',
  'unknown[].because[].why':
    '`offline`, `denied`, `not-found`, `unsupported`, `timed-out`, `failed`, `not-recorded`, `not-asked`, `not-evaluable` or `not-named` (it depends on a caller whom nobody named)',
  'unknown[].because[].words': 'The fact in words',
  'unknown[].because[].detail': 'The refusal in the words of the world, where there is one',
  'unknown[].settle': 'How a person can tell',
  'unknown[].open':
    '`true`: not settled, and asked here. In `diagnose` it lies on the way; in `check` it is neither a risk nor a matter of a caller whom nobody named. With one of these and no diagnosis the exit code is 3',
  'unknown[].risk': '`true`: the fault is a risk at most',
  'unknown[].aside': '`true`: it explains nothing here: no packet comes there, or the pair meets all the same',
  steps: 'The way through [the tree](tree/README.md), from the top; empty in `check`',
  'steps[].question': 'Id of a question (then `answer` is there)',
  'steps[].answer': 'The branch that was followed',
  'steps[].fault': 'Id of a fault that was judged on the way (then `verdict` is there)',
  'steps[].verdict': '`present`, `absent` or `unknown`',
  'steps[].by': '`measured`, `simulated`, `told` or `assumed`',
  'steps[].told': 'What the person answered, where what was measured says otherwise and wins; absent otherwise',
  'steps[].because': 'Of an assumed answer: the facts that are missing',
  'steps[].because[].fact': 'As in `unknown`',
  'steps[].because[].why': 'As in `unknown`',
  'steps[].because[].words': 'The fact in words',
  'steps[].because[].detail': 'The refusal in the words of the world, where there is one',
  'steps[].open': '`true`: not settled; absent when it is',
  'steps[].evidence': 'As in findings; absent when there is none',
  'steps[].evidence[].request': 'What was asked',
  'steps[].evidence[].excerpt': 'The part of the reply that shows it',
  'steps[].evidence[].others':
    'The excerpt follows from this reply and so many others; absent where the reply shows it alone',
  'steps[].evidence[].at': 'When it was asked',
  counts: 'All verdicts: judged = present + absent + unknown, always',
  'counts.judged': 'Verdicts in all',
  'counts.present': 'Present',
  'counts.absent': 'Absent',
  'counts.unknown': 'Unknown: open + aside, always',
  'counts.open': 'Unknown, and left open: those with `open`',
  'counts.aside': 'Unknown, and set aside: not on the way, a risk at most, or a matter of who calls',
  ...walkFields,
}

const at = '2026-01-02T03:04:05.678Z'
const evidence = [
  {
    request: 'ss -H -ltnpe   in the network namespace of allocation 5f3a91c2',
    excerpt: 'LISTEN 127.0.0.1:8080 httpd',
    others: 2,
    at,
    ask: '',
  },
]

const report: Report = {
  diagnosis: {
    fault: 'app-binds-loopback-only',
    about: 'path:checkout/web->shop/api',
    sentence: 'httpd listens on 127.0.0.1:8080 only, and packets for the allocation arrive on 172.26.64.7',
    instances: { affected: 1, total: 3 },
  },
  findings: [
    {
      id: 'app-binds-loopback-only',
      about: 'path:checkout/web->shop/api',
      verdict: 'present',
      severity: 'breaks',
      sentence: 'httpd listens on 127.0.0.1:8080 only, and packets for the allocation arrive on 172.26.64.7',
      location: { file: 'shop.nomad.hcl', line: 31, column: 9 },
      explainedBy: 'wrong-to-port',
      explainedByAbout: 'alloc:5d1f2c3a',
      fix: [
        {
          do: 'Listen on all addresses',
          on: 'job file',
          risk: 'The task restarts',
          diff: '@@ -31,1 +31,1 @@\n-  args = ["-p", "127.0.0.1:8080"]\n+  args = ["-p", "0.0.0.0:8080"]',
          changes: [{ line: 31, endLine: 32, text: '  args = ["-p", "0.0.0.0:8080"]\n' }],
          plan: 'group api: 3 replaced; everything finds a place',
          proven: true,
          safe: true,
        },
        {
          do: 'Or let docker map the port',
          on: 'job file',
          risk: 'The task restarts',
          diff: '@@ -33,0 +34,1 @@\n+  ports = ["http"]',
          note: 'not proven: the edit removes this and uncovers wrong-to-port (Port http is mapped to 80, and nothing listens there)',
          uncovers: [{ id: 'wrong-to-port', about: 'group:shop/api' }],
          unplanned:
            'the edited file was not planned: HTTP 403: Permission denied: the token needs namespace:submit-job',
        },
        {
          do: 'Read the plan',
          on: 'your terminal',
          run: ['nomad', 'job', 'plan', 'shop.nomad.hcl'],
          risk: 'none',
          note: 'By hand: it is for you to read',
        },
        {
          do: 'Open the port',
          on: 'client c1',
          run: ['iptables', '-I', 'INPUT', '-p', 'tcp', '--dport', '25001', '-j', 'ACCEPT'],
          risk: 'Opens it',
          trial: {
            tried: true,
            address: '10.0.0.11:25001, registered address',
            before: 'silent',
            after: 'answered',
            arrives: 'yes',
            others: 4,
            worse: [
              { what: 'port http of shop/api at 10.0.0.11:25002, from outside', before: 'answered', after: 'silent' },
            ],
          },
        },
        {
          do: 'Delete the rule',
          on: 'client c1',
          run: ['iptables', '-D', 'INPUT', '<number>'],
          risk: 'none',
          trial: { tried: false, because: 'a part of the command is still to be filled in' },
        },
      ],
      doc: 'docs/faults/app-binds-loopback-only.md',
      evidence,
    },
  ],
  signs: [
    {
      about: 'path:checkout/web->shop/api',
      sentence: "Nomad's own check of shop fails: connection refused",
      meets: 'refused',
      evidence,
    },
  ],
  unplaced: [
    {
      about: 'group:shop/cron',
      sentence: 'group shop/cron has no allocation on any client',
      meets: 'not-placed',
      evidence,
    },
  ],
  foretold: [
    {
      id: 'wrong-to-port',
      about: 'group:shop/web',
      severity: 'breaks',
      sentence: 'Port http leads to 8080; task web is told to listen on 3000',
      because: [{ fact: 'alloc.listening', why: 'denied', detail: 'ssh: Permission denied (publickey)' }],
      fix: [{ do: 'Set to = 3000 in port "http"', on: 'job file', risk: 'The allocation is replaced' }],
      doc: 'docs/faults/wrong-to-port.md',
      evidence,
    },
  ],
  ends: {
    about: 'path:checkout/web->shop/api',
    address: '10.0.0.2:25000',
    place: 'client c1',
    of: 'packet',
    why: 'no way, nobody answers for the next address: eth0 has ARP switched off (NOARP)',
  },
  unknown: [
    {
      id: 'ip-forward-off',
      about: 'node:c3',
      because: [{ fact: 'node.sysctls', why: 'denied', detail: 'ssh: Permission denied (publickey)' }],
      settle: 'On the client: sysctl net.ipv4.ip_forward',
      risk: true,
      aside: true,
    },
  ],
  steps: [
    { question: 'symptom', answer: 'cannot-connect', by: 'told' },
    { question: 'network-mode', answer: 'bridge', by: 'measured', told: 'host', evidence },
    { fault: 'app-binds-loopback-only', verdict: 'present', by: 'measured', evidence },
    { fault: 'ip-forward-off', verdict: 'unknown', by: 'measured', open: true },
    {
      question: 'attempt',
      answer: 'not-tried',
      by: 'assumed',
      because: [{ fact: 'path.reached', why: 'denied', detail: 'the token lacks namespace:alloc-exec' }],
      open: true,
    },
  ],
  counts: { judged: 120, present: 1, absent: 118, unknown: 1 },
}

/** One report with every field in it; the values are made up. */
export const sample = json(
  report,
  {
    source: { kind: 'live', where: 'http://127.0.0.1:4646' },
    subject: { from: 'checkout/web/loop', to: 'shop/api', port: 'http', symptom: 'cannot-connect', dials: ':9090' },
  },
  {
    undetermined: 'group shop/cron has no allocation on any client. No known fault explains it',
    walks: [walkSample],
    whatIf: whatIfSample,
  },
)

export function jsonPage(): Page {
  return {
    file: 'json.md',
    text: page(
      'The JSON contract, version 1',
      '`nomad-netdoctor diagnose --format json`, `check --format json` and `path --format json` print one report; `path` adds the list `walks`. Version 1 only ever grows: fields are added, never renamed, removed or given another meaning, and a reader must pass over fields it does not know. Standard output holds the report and nothing else; messages go to standard error.',
      '## Exit codes',
      'The same for every format.',
      table(
        ['Code', 'Meaning'],
        [
          ['0', 'Nothing wrong was found, and nothing is unknown that matters'],
          [
            '1',
            'There is a diagnosis; in `check`, a finding of severity breaks or degrades; in `path`, also a packet that does not arrive or is not answered, and with `--what-if` a command with which it does not, or that breaks another connection',
          ],
          ['2', 'Wrong usage or unreadable input; standard output is empty'],
          [
            '3',
            'Undetermined: no diagnosis, and something on the way is unknown or assumed, or only another port than the one asked about has a fault; in `check`, something it asks could not be read (what depends on a caller whom nobody named is not asked by it); in `path`, what becomes of the packet is not known',
          ],
          ['70', 'A defect of this program'],
          ['130', 'Interrupted'],
        ],
      ),
      '## Fields',
      table(
        ['Field', 'Meaning'],
        Object.entries(fields).map(([path, meaning]) => [code(path), meaning]),
      ),
      '## An example',
      'The values are made up, so that every field occurs.',
      block(sample.trimEnd().split('\n'), 'json'),
      '## The library as JSON',
      '`nomad-netdoctor faults --format json` prints `{"schema": 1, "faults": [...]}`; each entry has `id`, `about`, `title`, `layer`, `severity`, `heard`, `because`, `byHand`, `explains`, `references`, `needs`, and `matched`, one of its `heard`, when it was found by a pasted line that it prints; `resembles` in place of that where the line only shares words with it. Where several print the line, or none is known to, or it only announces the lines below it, or nothing fits, `note` says so. Asked for by its id, it also has `places` (questions of the guidance with the `answers` that lead to it), and the `fix` of one `example`.',
    ),
  }
}
