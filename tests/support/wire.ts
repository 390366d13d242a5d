import { createServer, type Server, type Socket } from "node:net";
import { portOf } from "./completions-server.ts";

/** A request as it came: the path, and the body where its length is said. */
export interface RawRequest {
  readonly path: string;
  readonly body: string;
}

/** The bare connection on which a request came: what is written is what the client gets. */
export interface Wire {
  readonly socket: Socket;
  write(bytes: string | Uint8Array): void;
  /** Ends the connection as servers do. */
  end(): void;
  /** Breaks it: the client sees a reset. */
  reset(): void;
}

export interface WireServer {
  readonly port: number;
  close(): void;
}

/** A server on loopback that reads requests and answers by bytes, so that it can answer in ways that Node's own would not. */
export async function wireServer(answer: (request: RawRequest, wire: Wire) => Promise<void>): Promise<WireServer> {
  const sockets = new Set<Socket>();
  const server: Server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => {}); // the client hangs up where it has read enough
    const wire: Wire = {
      socket,
      write: (bytes) => void (socket.writable && socket.write(bytes)),
      end: () => void socket.end(),
      reset: () => void socket.resetAndDestroy(),
    };
    let read: Buffer = Buffer.alloc(0);
    socket.on("data", (more) => {
      read = Buffer.concat([read, more]);
      for (let whole = take(read); whole !== null; whole = take(read)) {
        read = whole.rest;
        answer(whole.request, wire).catch((error: unknown) =>
          socket.destroy(error instanceof Error ? error : undefined),
        );
      }
    });
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return {
    port: portOf(server),
    close() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

/** The first whole request of what was read; null where it is not whole yet. */
function take(read: Buffer): { readonly request: RawRequest; readonly rest: Buffer } | null {
  const headEnd = read.indexOf("\r\n\r\n");
  if (headEnd < 0) return null;
  const head = read.subarray(0, headEnd).toString("latin1");
  const length = Number(/^content-length: *(\d+)/im.exec(head)?.[1] ?? 0);
  const end = headEnd + 4 + length;
  if (read.byteLength < end) return null;
  const body = read.subarray(headEnd + 4, end).toString("utf8");
  return { request: { path: head.split(" ")[1] ?? "", body }, rest: read.subarray(end) };
}
