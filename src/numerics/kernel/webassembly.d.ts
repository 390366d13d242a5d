/** The part of the WebAssembly interface used here; the compiler's own types for it come only with the browser's. */
declare namespace WebAssembly {
  type ExportValue = ((...args: number[]) => number | undefined) | object;
  class Module {
    constructor(bytes: Uint8Array);
  }
  class Memory {
    constructor(descriptor: { initial: number });
    readonly buffer: ArrayBuffer;
  }
  class Instance<Exports extends object> {
    constructor(module: Module, imports: { env: { memory: Memory; abort(): never } });
    readonly exports: Exports;
  }
  function validate(bytes: Uint8Array): boolean;
}
