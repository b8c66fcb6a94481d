/**
 * What the published schema of ERC-7730, version 2, asks of a descriptor of contract calls, as far as descriptors here use it (JSON Schema 2020-12; written from
 * https://github.com/ethereum/clear-signing-erc7730-registry/blob/master/specs/erc7730-v2.schema.json). Stricter in one thing: what is not used here is not allowed
 * here, so whatever passes this passes that one too.
 */
const closed = (properties: Readonly<Record<string, unknown>>, required = Object.keys(properties)) => ({
  type: 'object',
  properties,
  required,
  additionalProperties: false,
})

const text = { type: 'string', minLength: 1 }
const visible = { enum: ['always', 'never', 'optional'] }

/** Which parameters go with which format. */
const formats = [
  { format: { const: 'raw' } },
  {
    format: { const: 'addressName' },
    params: closed({
      types: { type: 'array', items: { enum: ['wallet', 'eoa', 'contract', 'token', 'collection'] }, minItems: 1 },
    }),
  },
  { format: { const: 'date' }, params: closed({ encoding: { enum: ['blockheight', 'timestamp'] } }) },
]

/** A field shows what a path names, or a value of its own; never both. */
const field = {
  oneOf: formats.flatMap((format) =>
    [{ path: text }, { value: text }].map((subject) => closed({ ...subject, label: text, visible, ...format })),
  ),
}

/** The published pattern of a function's signature with the names of its parameters, without arrays and tuples. */
const signature =
  /^[A-Za-z_][A-Za-z0-9_]*\(([A-Za-z0-9_]+ [A-Za-z_][A-Za-z0-9_]*(,[A-Za-z0-9_]+ [A-Za-z_][A-Za-z0-9_]*)*)?\)$/

export const schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  ...closed({
    $schema: { type: 'string', pattern: '/specs/erc7730-v2\\.schema\\.json$' },
    $comment: text,
    context: closed({
      $id: text,
      contract: closed({
        deployments: {
          type: 'array',
          minItems: 1,
          items: closed({
            chainId: { type: 'integer', minimum: 1 },
            address: { type: 'string', pattern: '^0x[0-9a-fA-F]{40}$' },
          }),
        },
      }),
    }),
    metadata: closed({ owner: text, contractName: text }),
    display: closed({
      formats: {
        type: 'object',
        propertyNames: { pattern: signature.source },
        additionalProperties: closed({ intent: text, fields: { type: 'array', items: field } }),
      },
    }),
  }),
}
