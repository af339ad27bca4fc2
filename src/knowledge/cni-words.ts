/** When an agent looks at CNI folders, in words. Sources: CHANGELOG.md of Nomad 1.4.2 (14615) and 1.11.2 (27336, 27452). */

/** The default of `cni_path`. */
export const pluginFolders = '/opt/cni/bin, since Nomad 1.11.2 /usr/libexec/cni as well'

/** After a change of files in `cni_config_dir`; nothing that is gone is forgotten by it. */
export const readsNetworks =
  'Restart the Nomad agent, which reads the folder at start; since 1.4.2 a reload (SIGHUP) will do for networks that are new'

/** After a change of files in `cni_path`; a changed `cni_path` itself takes a restart. */
export const looksForPlugins =
  'Restart the Nomad agent, which looks for plugins at start; since 1.11.2 a reload (SIGHUP) will do, unless cni_path was changed'
