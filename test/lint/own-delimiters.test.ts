import { expect, test } from 'vitest'
import { editable } from '../../src/cli/lint-fix.ts'
import { openerOf, parsers } from '../../src/cli/lint-open.ts'
import { judgeJobs } from '../../src/run/lint.ts'
import { withDiffs } from '../../src/run/prove.ts'

const text = `job "shop" {
  group "web" {
    network {
      mode = "bridge"
    }
    task "web" {
      driver = "docker"
      config {
        image = "registry.example/web:1"
      }
      template {
        destination     = "local/web.env"
        env             = true
        left_delimiter  = "[["
        right_delimiter = "]]"
        data = <<-EOT
          REDIS_URL=redis://localhost:6379
          # [[ env "NOMAD_ALLOC_ID" ]]
        EOT
      }
    }
  }
  group "redis" {
    network {
      mode = "bridge"
      port "redis" {
        to = 6379
      }
    }
    service {
      name     = "redis"
      provider = "nomad"
      port     = "redis"
    }
    task "redis" {
      driver = "docker"
      config {
        image = "redis:7"
        ports = ["redis"]
      }
    }
  }
}
`

test('an edit of a template is written with the delimiters that it has', async () => {
  const parser = parsers()
  const open = openerOf(new Map(), parser)
  const { jobs } = await open('shop.nomad.hcl', text)
  const before = judgeJobs(jobs)
  const { findings } = await withDiffs(before.report, editable('shop.nomad.hcl', text, open, parser), before)
  const diffs = findings.flatMap(({ id, fix }) => fix.map(({ diff, proven }) => ({ id, diff, proven })))
  const [found] = diffs.filter(({ diff }) => diff !== undefined)
  expect(found?.id).toBe('cross-group-localhost')
  expect(found?.proven).toBe(true)
  expect(found?.diff).toContain(
    'redis://[[ range nomadService 1 (env "NOMAD_ALLOC_ID") "redis" ]][[ .Address ]]:[[ .Port ]][[ else ]]',
  )
})
