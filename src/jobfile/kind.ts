/** What a file is, by what stands in it. */
export type FileKind = 'job' | 'agent' | 'cni' | 'namespace' | 'other'

const agentBlock =
  /^[ \t]*"?(?:client|server|advertise|addresses|ports|consul|vault|tls|telemetry|autopilot|acl)"?[ \t]*=?[ \t]*\{/m
const agentWord =
  /^[ \t]*(?:data_dir|bind_addr|plugin_dir|leave_on_terminate|leave_on_interrupt|disable_update_check)[ \t]*=/m
const jobBlock = /^[ \t]*job[ \t]+"?[^\s"{]+"?[ \t]*\{/m

/** `name` tells only what content cannot: files of CNI may be broken, and are read as their extension says. */
export function kindOf(name: string, text: string): FileKind {
  if (/\.(conflist|conf)$/.test(name)) return 'cni'
  if (/^\s*[[{]/.test(text)) return jsonKind(text)
  if (jobBlock.test(text)) return 'job'
  if (/^[ \t]*capabilities[ \t]*\{/m.test(text) && /^[ \t]*name[ \t]*=/m.test(text)) return 'namespace'
  if (agentBlock.test(text) || agentWord.test(text)) return 'agent'
  return /\.nomad(\.hcl)?$/.test(name) ? 'job' : 'other'
}

/** A job as the API has it, and not HCL's own JSON spelling. */
export const isApiJob = (text: string): boolean => /^\s*\{/.test(text) && /"TaskGroups"\s*:/.test(text)

function jsonKind(text: string): FileKind {
  if (/"(TaskGroups|job|Job)"\s*:/.test(text)) return 'job'
  if (/"cniVersion"\s*:/.test(text)) return 'cni'
  return /^\s*\{[\s\S]*?"(client|server|data_dir|bind_addr|advertise|ports|plugin|consul)"\s*:/.test(text)
    ? 'agent'
    : 'other'
}
