/** Packages that a diagnosis of a recorded case does not need: a third of the program, in a script of their own. */
export const large = [
  'execa',
  'fuse.js',
  'ink',
  'react',
  'react/jsx-runtime',
  'undici',
  'zustand',
  'zustand/vanilla',
] as const

/** The text of a module that gives each of them to who asks by name, in the shape in which a module of Node's comes. */
export const asked = (): string =>
  [
    'const shaped = (all) => (all.__esModule && all.default) || all',
    'module.exports = (name) => {',
    '  switch (name) {',
    ...large.map((name) => `    case '${name}': return shaped(require('${name}'))`),
    '  }',
    '}',
  ].join('\n')
