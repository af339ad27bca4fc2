// Every test sees the same terminal, whoever runs it: 80 by 24, true colour, not "in CI" (which would silence Ink).
for (const name of Object.keys(process.env)) {
  if (/^(CI|CI_.*|CONTINUOUS_INTEGRATION|NO_COLOR|NOMAD_.*|CONSUL_.*)$/.test(name)) delete process.env[name]
}
Object.assign(process.env, { COLUMNS: '80', LINES: '24', FORCE_COLOR: '3', TZ: 'UTC', LANG: 'C.UTF-8' })
