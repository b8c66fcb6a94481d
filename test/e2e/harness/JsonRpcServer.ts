import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'

/** An error that a JSON-RPC server answers with (JSON-RPC 2.0, section 5.1). */
export class RpcError extends Error {
  readonly code: number
  readonly data: unknown

  constructor(code: number, message: string, data?: unknown) {
    super(message)
    this.code = code
    this.data = data
  }
}

/** How the way to a server can fail, whatever the server itself would have said. */
export type TransportFault =
  /** The connection is cut before an answer. */
  | { readonly kind: 'down' }
  /** The answer comes late. */
  | { readonly kind: 'slow'; readonly ms: number }
  /** The answer comes never. */
  | { readonly kind: 'hang' }
  /** A gateway answers in the server's place. */
  | { readonly kind: 'http'; readonly status: number; readonly body: string }
  /** The request is carried out, but the connection is cut before the answer. */
  | { readonly kind: 'lost-answer' }

/** Answers one call: with a result, or by throwing an RpcError. */
export type Handler = (method: string, params: readonly unknown[]) => Promise<unknown>

/** Says what goes wrong with a request that calls this method; undefined where nothing does. */
export type Faults = (method: string) => TransportFault | undefined

type Request = { readonly id?: unknown; readonly method?: unknown; readonly params?: unknown }

/** JSON-RPC over HTTP on loopback, at a port of the system's choice; ended by its handle. */
export class JsonRpcServer {
  readonly url: string
  readonly #server: Server
  readonly #ending = new AbortController()

  private constructor(server: Server, ending: AbortController) {
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    this.#server = server
    this.#ending = ending
  }

  static async start(handler: Handler, faults: Faults = () => undefined): Promise<JsonRpcServer> {
    const ending = new AbortController()
    const server = createServer((request, response) => {
      serve(request, response, handler, faults, ending.signal).catch(() => response.destroy())
    })
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(0, '127.0.0.1', resolve)
    })
    return new JsonRpcServer(server, ending)
  }

  async stop(): Promise<void> {
    this.#ending.abort()
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()))
    this.#server.closeAllConnections()
    await closed
  }
}

async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  handler: Handler,
  faults: Faults,
  ending: AbortSignal,
): Promise<void> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  let body: unknown
  try {
    body = JSON.parse(Buffer.concat(chunks).toString())
  } catch {
    return say(response, 200, failure(null, new RpcError(-32700, 'the request is not JSON')))
  }
  const requests = (Array.isArray(body) ? body : [body]) as readonly Request[]
  const fault = requests.map(({ method }) => faults(String(method))).find((each) => each !== undefined)
  switch (fault?.kind) {
    case 'down':
      return void response.destroy()
    case 'hang':
      return
    case 'http':
      return void response.writeHead(fault.status, { 'content-type': 'text/html' }).end(fault.body)
    case 'slow':
      await wait(fault.ms, undefined, { signal: ending })
      break
    case 'lost-answer':
    case undefined:
      break
    default:
      return fault satisfies never
  }
  const answers = await Promise.all(requests.map((each) => answer(each, handler)))
  if (fault?.kind === 'lost-answer') return void response.destroy()
  say(response, 200, Array.isArray(body) ? answers : answers[0])
}

async function answer({ id = null, method, params }: Request, handler: Handler): Promise<object> {
  try {
    const result = await handler(String(method), Array.isArray(params) ? params : [])
    return { jsonrpc: '2.0', id, result: result ?? null }
  } catch (error) {
    return failure(id, error instanceof RpcError ? error : new RpcError(-32603, String(error)))
  }
}

function failure(id: unknown, { code, message, data }: RpcError): object {
  return { jsonrpc: '2.0', id, error: { code, message, ...(data === undefined ? {} : { data }) } }
}

function say(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}
