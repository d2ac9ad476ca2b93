// The parser's WebAssembly module (built in grammar/): text in, flat tree out. Only parse.ts uses it.

import { readFileSync } from "node:fs";
import { timed } from "../source/stopwatch.ts";
import { closingTokens, type FirstError, type FlatTree, kindOfSymbol } from "./flat-tree.ts";

// The part of the global that is used: its full types come only with those of browsers.
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: unknown };
};

interface ModuleMemory {
  readonly buffer: ArrayBuffer;
}

interface ParserModule {
  readonly memory: ModuleMemory;
  readonly reserve_input: (units: number) => number;
  readonly parse: (units: number) => number;
}

// The exports are those of grammar/shim.c, which is built together with this file.
interface ParserExports extends ParserModule {
  readonly _initialize: () => void;
  readonly initialize: () => number;
  readonly symbol_name: (symbol: number) => number;
  readonly symbol_is_named: (symbol: number) => number;
  readonly await_symbol: (symbol: number) => void;
}

const awaitedTokens: readonly string[] = ["identifier", ...closingTokens.map((token) => `"${token}"`)];

let loaded: ParserModule | undefined;

/** The words are views of the module's memory: valid until the next call. */
export function parseText(text: string): FlatTree {
  return timed("parse", () => runParser(text));
}

function runParser(text: string): FlatTree {
  loaded ??= loadModule();
  const input = loaded.reserve_input(text.length);
  Buffer.from(loaded.memory.buffer, input, text.length * 2).write(text, "utf16le");
  // Parsing may grow the memory, which detaches its buffer: take the new one.
  const address = loaded.parse(text.length);
  const result = new Uint32Array(loaded.memory.buffer, address, 7);
  return {
    words: wordsAt(loaded, result, 0),
    comments: wordsAt(loaded, result, 2),
    firstError: readError(wordsAt(loaded, result, 4)),
    hasError: result[6] !== 0,
  };
}

/** Of the tokens that can come next, bit 0 stands for the end of the text, the others for the awaited tokens. */
function readError([offset, mask = 0]: Uint32Array): FirstError | null {
  if (offset === undefined) return null;
  const expected = closingTokens.filter((_, index) => mask & (4 << index));
  return { offset, expected, endExpected: (mask & 1) !== 0, nameExpected: (mask & 2) !== 0 };
}

function wordsAt(module: ParserModule, result: Uint32Array, index: number): Uint32Array {
  const address = result[index] ?? 0;
  return new Uint32Array(module.memory.buffer, address, result[index + 1] ?? 0);
}

function loadModule(): ParserModule {
  const bytes = readFileSync(new URL("./nix-parser.wasm", import.meta.url));
  // Synchronous: compiling takes a few milliseconds, less than what an asynchronous start of everything would cost.
  const instance = new WebAssembly.Instance(new WebAssembly.Module(bytes), {
    wasi_snapshot_preview1: unusedSystemCalls,
  });
  const exports = instance.exports as ParserExports;
  exports._initialize();
  const kinds = exports.initialize();
  const symbols = symbolNames(exports);
  symbols.forEach((name, symbol) => {
    new Uint8Array(exports.memory.buffer)[kinds + symbol] = kindOfSymbol.get(name) ?? 0;
  });
  for (const token of awaitedTokens) exports.await_symbol(symbols.indexOf(token));
  return exports;
}

/** Names of rules, and tokens in double quotes. */
function symbolNames({ memory, symbol_name, symbol_is_named }: ParserExports): string[] {
  const names: string[] = [];
  for (let symbol = 0, address = symbol_name(0); address !== 0; address = symbol_name(++symbol)) {
    const bytes = Buffer.from(memory.buffer);
    const name = bytes.toString("latin1", address, bytes.indexOf(0, address));
    names.push(symbol_is_named(symbol) ? name : `"${name}"`);
  }
  return names;
}

// tree-sitter links a clock and stdio for timeouts and debug output that nixlint never asks for.
const unusedSystemCalls = { clock_time_get: () => 0, fd_close: () => 0, fd_seek: () => 0, fd_write: () => 0 };
