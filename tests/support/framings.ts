import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";
import type { Stream } from "../../src/core/stream.ts";
import type { Wire } from "./wire.ts";

/** What a server sends of its own accord: a status, headers, a body. */
export interface Reply {
  readonly status: number;
  readonly headers: readonly string[];
  readonly body: Buffer;
}

/** How head and body become bytes. `silent` is told where no more will come. */
export type Framing = (reply: Reply, wire: Wire, silent: () => void, random: Stream) => void;

const line = ({ status }: Reply) => `HTTP/1.1 ${status} Some`;
const head = (reply: Reply, ...more: readonly string[]) =>
  Buffer.from([line(reply), ...reply.headers, ...more, "", ""].join("\r\n"), "utf8");
const sized = (reply: Reply, length = reply.body.byteLength) => head(reply, `content-length: ${length}`);
const encodedAs =
  (name: string, encode: (body: Buffer) => Buffer): Framing =>
  (reply, wire) => {
    const body = encode(reply.body);
    wire.write(Buffer.concat([head(reply, `content-encoding: ${name}`, `content-length: ${body.byteLength}`), body]));
  };
const chunk = (body: Buffer) =>
  Buffer.concat([Buffer.from(`${body.byteLength.toString(16)}\r\n`), body, Buffer.from("\r\n")]);
const inChunks = (reply: Reply) => {
  const third = Math.ceil(reply.body.byteLength / 3);
  return [0, 1, 2]
    .map((i) => reply.body.subarray(i * third, (i + 1) * third))
    .filter(({ byteLength }) => byteLength > 0)
    .map(chunk);
};
const chunked = "transfer-encoding: chunked";

/** 50 MB of nothing. */
const BOMB = gzipSync(Buffer.alloc(50 << 20, " "));

export const FRAMINGS: Readonly<Record<string, Framing>> = {
  sized: (reply, wire) => wire.write(Buffer.concat([sized(reply), reply.body])),
  chunked: (reply, wire) =>
    wire.write(Buffer.concat([head(reply, chunked), ...inChunks(reply), Buffer.from("0\r\n\r\n")])),
  "ended by closing": (reply, wire) => {
    wire.write(Buffer.concat([head(reply, "connection: close"), reply.body]));
    wire.end();
  },
  "of HTTP/1.0": (reply, wire) => {
    wire.write(Buffer.concat([Buffer.from(sized(reply).toString("utf8").replace("1.1", "1.0")), reply.body]));
    wire.end();
  },
  "a length too short": (reply, wire) =>
    wire.write(Buffer.concat([sized(reply, reply.body.byteLength >> 1), reply.body])),
  "a length too long, then closed": (reply, wire) => {
    wire.write(Buffer.concat([sized(reply, reply.body.byteLength + 9), reply.body]));
    wire.end();
  },
  "a length too long, then silence": (reply, wire, silent) => {
    wire.write(Buffer.concat([sized(reply, reply.body.byteLength + 9), reply.body]));
    silent();
  },
  "two lengths": (reply, wire) =>
    wire.write(
      Buffer.concat([head(reply, "content-length: 3", `content-length: ${reply.body.byteLength}`), reply.body]),
    ),
  "a length that is none": (reply, wire) =>
    wire.write(Buffer.concat([head(reply, "content-length: many"), reply.body])),
  "a length and chunks": (reply, wire) =>
    wire.write(
      Buffer.concat([head(reply, chunked, "content-length: 5"), ...inChunks(reply), Buffer.from("0\r\n\r\n")]),
    ),
  "chunks of no size": (reply, wire) =>
    wire.write(Buffer.concat([head(reply, chunked), Buffer.from("zz\r\n"), reply.body])),
  "chunks without an end": (reply, wire, silent) => {
    wire.write(Buffer.concat([head(reply, chunked), ...inChunks(reply)]));
    silent();
  },
  "chunks cut off": (reply, wire) => {
    wire.write(Buffer.concat([head(reply, chunked), ...inChunks(reply)]));
    wire.end();
  },
  "an error between chunks": (reply, wire) => {
    const [first = Buffer.alloc(0), ...rest] = inChunks(reply);
    const fault = chunk(Buffer.from('{"error": {"message": "timed out"}}'));
    wire.write(Buffer.concat([head(reply, chunked), first, fault, ...rest, Buffer.from("0\r\n\r\n")]));
  },
  "reset before its head": (_reply, wire) => wire.reset(),
  "closed before its head": (_reply, wire) => wire.end(),
  "reset after its head": (reply, wire) => {
    wire.write(sized(reply));
    setImmediate(wire.reset);
  },
  "reset in its body": (reply, wire) => {
    wire.write(Buffer.concat([sized(reply), reply.body.subarray(0, reply.body.byteLength >> 1)]));
    setImmediate(wire.reset);
  },
  silent: (_reply, _wire, silent) => silent(),
  "silent after its head": (reply, wire, silent) => {
    wire.write(sized(reply, Math.max(1, reply.body.byteLength)));
    silent();
  },
  "silent within its head": (_reply, wire, silent) => {
    wire.write("HTTP/1.1 200 OK\r\ncontent-le");
    silent();
  },
  "a byte at a time": (reply, wire) => {
    wire.write(sized(reply));
    for (const byte of reply.body.subarray(0, 3000)) wire.write(Buffer.of(byte));
    wire.write(reply.body.subarray(3000));
  },
  "a drip that does not end": (reply, wire, silent) => {
    wire.write(head(reply, chunked));
    for (let i = 0; i < 20; i++) wire.write(chunk(Buffer.from(" ")));
    silent();
  },
  "a body that does not end": (reply, wire) => {
    wire.write(head(reply, chunked));
    const more = chunk(Buffer.alloc(1 << 20, " "));
    const pour = () => {
      for (let i = 0; i < 12 && wire.socket.writable; i++) wire.write(more);
    };
    pour();
    wire.socket.on("drain", pour);
  },
  "after 100 Continue": (reply, wire) =>
    wire.write(Buffer.concat([Buffer.from("HTTP/1.1 100 Continue\r\n\r\n"), sized(reply), reply.body])),
  "after early hints": (reply, wire) =>
    wire.write(
      Buffer.concat([Buffer.from("HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n"), sized(reply), reply.body]),
    ),
  "after 102 again and again": (reply, wire) =>
    wire.write(Buffer.concat([Buffer.from("HTTP/1.1 102 Processing\r\n\r\n".repeat(200)), sized(reply), reply.body])),
  "another protocol": (_reply, wire) =>
    wire.write("HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: upgrade\r\n\r\nhello"),
  "no HTTP at all": (_reply, wire) => wire.write("SSH-2.0-OpenSSH_9.6\r\n"),
  "a TLS alert": (_reply, wire) => wire.write(Buffer.of(0x15, 3, 1, 0, 2, 2, 0x46)),
  "an odd first line": (reply, wire) => wire.write(Buffer.concat([Buffer.from("HTTP/2.7 2xx\r\n\r\n"), reply.body])),
  "bare line feeds": (reply, wire) =>
    wire.write(Buffer.concat([Buffer.from(sized(reply).toString("utf8").replaceAll("\r", "")), reply.body])),
  "a head without end": (_reply, wire, silent) => {
    wire.write(`HTTP/1.1 200 OK\r\n${"x-a: b\r\n".repeat(1e5)}`);
    silent();
  },
  "a head that is too large": (reply, wire) =>
    wire.write(
      Buffer.concat([
        head(reply, `x-large: ${"y".repeat(1e6)}`, `content-length: ${reply.body.byteLength}`),
        reply.body,
      ]),
    ),
  "two answers to one request": (reply, wire) => {
    const other = Buffer.from('{"error": {"message": "of another request"}}');
    wire.write(Buffer.concat([sized(reply), reply.body, sized({ ...reply, body: other }), other]));
  },
  "closed after it, unsaid": (reply, wire) => {
    wire.write(Buffer.concat([sized(reply), reply.body]));
    setImmediate(wire.end);
  },
  gzip: encodedAs("gzip", gzipSync),
  deflate: encodedAs("deflate", deflateSync),
  brotli: encodedAs("br", brotliCompressSync),
  "gzip of gzip": encodedAs("gzip, gzip", (body) => gzipSync(gzipSync(body))),
  "gzip cut": encodedAs("gzip", (body) => gzipSync(body).subarray(0, 12)),
  "a bomb": encodedAs("gzip", () => BOMB),
};
