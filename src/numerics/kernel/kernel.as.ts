// The WebAssembly module: everything the wrappers beside this file call. Build with `make kernels`.
export * from "./product.as";
export * from "./double.as";
export * from "./cholesky.as";
export * from "./lloyd.as";
export * from "./tridiagonal.as";
export * from "./krylov.as";
export * from "./lcs.as";
export * from "./rows.as";
export * from "./pairs.as";
