import { expect, test } from 'vitest'
import { locationOf } from '../../src/knowledge/place.ts'
import { jobsIn } from '../../src/probes/job-file.ts'
import { file } from './parsed.ts'

async function spec(text: string) {
  const [job] = jobsIn(await file(text), 'job.json', text)
  if (!job || 'why' in job || !job.held.known) throw new Error(JSON.stringify(job))
  return job.held.value
}

const api = `{
  "Job": {
    "ID": "web",
    "TaskGroups": [{
      "Name": "api",
      "Networks": [{ "Mode": "bridge", "DynamicPorts": [{ "Label": "http", "To": 80 }] }],
      "Services": [{
        "Name": "api",
        "PortLabel": "htpp"
      }],
      "Tasks": [{ "Name": "t", "Driver": "exec" }]
    }]
  }
}
`
test('a service without a name has the one that Nomad gives it', async () => {
  const unnamed = api.replace('"Name": "api",\n        "PortLabel"', '"Name": "",\n        "PortLabel"')
  expect((await spec(unnamed)).groups[0]?.services[0]?.name).toBe('web-api-group')
})

const hcl = `{
  "variable": { "label": { "default": "htpp" } },
  "job": {
    "web": {
      "group": {
        "api": {
          "network": { "mode": "bridge", "port": { "http": { "to": 80 } } },
          "service": {
            "name": "api",
            "port": "\${var.label}"
          },
          "task": { "t": { "driver": "exec", "env": { "A": "\${NOMAD_PORT_http}" } } }
        }
      }
    }
  }
}
`

test.each([
  ['the API', api, 9],
  ['HCL in JSON', hcl, 10],
])('a job in JSON, as %s has it, is read with places', async (_, text, line) => {
  const { id, groups } = await spec(text)
  const [group] = groups
  const [service] = group?.services ?? []
  expect(id).toBe('web')
  expect(group?.network).toMatchObject({ mode: 'bridge', ports: [{ label: 'http', to: 80 }] })
  expect(service).toMatchObject({ name: 'api', port: 'htpp' })
  expect(service && locationOf([service, 'port'])).toMatchObject({ line })
})

test('texts of HCL in JSON keep what Nomad fills in', async () => {
  expect((await spec(hcl)).groups[0]?.tasks[0]?.env).toEqual({ A: '${NOMAD_PORT_http}' })
})

test.each([
  ['{"Job": {"ID": }}', 1, 16],
  ['{\n  "a": 1,\n}', 3, 1],
  ['{"a": 1} x', 1, 10],
  ['{"a": "\\q"}', 1, 7],
  ['['.repeat(3), 0, 0],
])('%j is no JSON', async (text, line, column) => {
  const { problems } = await file(text.startsWith('{') ? text : `{"a": ${'['.repeat(2000)}`)
  expect(problems).toHaveLength(1)
  if (line > 0) expect(problems[0]).toMatchObject({ line, column, summary: 'Invalid JSON' })
})

test('a list is no job, and it says so in words of JSON', async () => {
  expect((await file('[{ "ID": "web" }]')).problems).toMatchObject([
    { line: 1, column: 1, summary: 'No job in this file', detail: expect.stringContaining('object') },
  ])
})
