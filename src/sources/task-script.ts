import type { Connect, Reply } from '../ask/request.ts'
import { withoutTalk } from '../ask/attempt.ts'
import { place } from '../ask/request.ts'

/**
 * One attempt with the task's own tools. Place and path go in as parameters, never into the text.
 * It ends by itself, and always prints a last line: an empty answer of the exec stream then shows as what it is.
 */
const script = {
  http: String.raw`
if command -v curl >/dev/null 2>&1; then curl -q -sS -v -g --noproxy '*' --max-time 4 "$1"
elif command -v nc >/dev/null 2>&1; then printf 'GET %s HTTP/1.0\r\nHost: %s\r\n\r\n' "$4" "$2" | $t nc -w 4 "$2" "$3"
elif command -v wget >/dev/null 2>&1; then $t wget -q -T 4 -O - "$1"
else echo 'the task has neither curl, nc nor wget' >&2; (exit 127); fi`,
  tcp: String.raw`
if command -v nc >/dev/null 2>&1; then $t nc -w 4 "$2" "$3" </dev/null
elif command -v curl >/dev/null 2>&1; then curl -q -sS -v --noproxy '*' --max-time 4 "$1" </dev/null
else echo 'the task has neither nc nor curl' >&2; (exit 127); fi`,
  udp: String.raw`
if command -v nc >/dev/null 2>&1; then $t nc -u -w 2 "$2" "$3" </dev/null
else echo 'the task has no nc' >&2; (exit 127); fi`,
}

export function dialScript(connect: Connect): readonly string[] {
  const { proto, host, port, path = '/' } = connect
  const text = `t=; command -v timeout >/dev/null 2>&1 && t='timeout 6'${script[proto]}\nr=$?; echo; echo "rc=$r"`
  return ['sh', '-c', text, 'sh', place(connect).replace(/^tcp:/, 'telnet:'), host, String(port), path]
}

/** Takes the exit code back out of what the script printed; null when it did not print it. */
export function readDial(reply: Reply): Reply | null {
  const end = /\nrc=(\d+)\s*$/.exec(reply.body)
  if (!end) return null
  const code = Number(end[1])
  const body = reply.body.slice(0, end.index)
  // `timeout` ended a tool that had not given up by itself: the connection stood and stayed open.
  const stood = (code === 124 || code === 143) && !reply.stderr
  return { ...reply, status: stood ? 0 : code, body, stderr: withoutTalk(reply.stderr ?? '') }
}
