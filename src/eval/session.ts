// One evaluation of one tree of files: what is imported, read and found on the search path.

import { decodeSource } from "../source/decode.ts";
import type { FileContent, FileKind, FileSystem } from "../source/file-system.ts";
import type { SourceFile } from "../source/source-file.ts";
import type { Span } from "../source/span.ts";
import { type ParsedFile, parseNix } from "../syntax/parse.ts";
import { createBuiltins } from "./builtins/index.ts";
import { evaluate } from "./evaluate.ts";
import { globalNames } from "./globals.ts";
import { normalizePath } from "./paths.ts";
import type { Store } from "./store.ts";
import { GlobalScope, Thunk } from "./thunk.ts";
import { evalError, Unknown } from "./unknown.ts";
import type { Attrs, Lazy, Value } from "./value.ts";

/** What evaluation ran into that is worth a finding of its own. */
export type FileProblem =
  | { readonly kind: "missing-import"; readonly path: string; readonly untracked: boolean; readonly at: Span | null }
  | { readonly kind: "unreadable-file"; readonly path: string; readonly why: string; readonly at: Span | null }
  /** A file that is only there when the machine runs, and that somebody wants to keep for himself. */
  | { readonly kind: "secret-read"; readonly path: string; readonly at: Span | null; readonly doubt: Unknown | null };

export interface SessionOptions {
  readonly fs: FileSystem;
  /** `<name/rest>`: the value that `name` stands for; undefined when it is not on the search path. */
  readonly searchPath?: (name: string) => Lazy | undefined;
  /** What `import` of a value that is no path of ours gives, as for `import nixpkgs { … }`; undefined: unknown. */
  readonly importValue?: (value: Value, at: Span | null) => Value | undefined;
  /** The flake or tree at an address, as `https://github.com/NixOS/nixpkgs/archive/x.tar.gz`; undefined: unknown. */
  readonly fetch?: (address: string) => Value | undefined;
  /** `builtins.currentSystem`. */
  readonly system?: string;
  /** Where evaluation is to know store paths, and which strings refer to them; without one they are holes. */
  readonly store?: Store;
  /** What `~` stands for in paths; pure evaluation has no home. */
  readonly home?: string;
}

export interface Session {
  readonly fs: FileSystem;
  readonly store: Store | null;
  readonly builtins: Lazy;
  /** Every file parsed so far, by path. */
  readonly files: ReadonlyMap<string, ParsedFile>;
  /** Paths read by any means (import, readFile, readDir, pathExists). */
  readonly touched: ReadonlySet<string>;
  readonly problems: readonly FileProblem[];
  /**
   * The value of the file, or of `default.nix` in the directory; evaluated once. With `names` (`scopedImport`) these
   * are in scope too, and every call evaluates anew.
   */
  importFile(path: string, at: Span | null, names?: Attrs): Value;
  /** Evaluates text as if it stood in the file at `path`. */
  evaluateText(text: string, path: string): Value;
  /** See `SessionOptions.importValue`. */
  importValue(value: Value, at: Span | null): Value | undefined;
  /** See `SessionOptions.searchPath`. */
  searchPath(name: string): Lazy | undefined;
  /** See `SessionOptions.fetch`. */
  fetch(address: string): Value | undefined;
  /** A file is read of which it is not known which one it is: it may be a secret. */
  noteUnknownRead(path: Unknown, at: Span | null): void;
  /** The bytes of a file, or why there are none. */
  readBytes(path: string, at: Span | null): Uint8Array | Unknown;
  readDir(path: string): ReadonlyMap<string, FileKind> | null;
  kindOf(path: string): FileKind | null;
  /** Text that evaluation put into the store (`builtins.toFile`), readable from then on. */
  addStoreText(path: string, text: string): void;
}

/** Where secret managers put what they decrypt. */
const secretPath = /^\/run\/(secrets|agenix|credentials)\b/;

export function createSession(options: SessionOptions): Session {
  return new FileSession(options);
}

class FileSession implements Session {
  readonly fs: FileSystem;
  readonly store: Store | null;
  readonly builtins: Lazy;
  readonly files = new Map<string, ParsedFile>();
  readonly touched = new Set<string>();
  readonly problems: FileProblem[] = [];
  private readonly options: SessionOptions;
  private readonly scope: GlobalScope;
  private readonly imported = new Map<string, Thunk>();
  private readonly storeTexts = new Map<string, Uint8Array>();
  private readonly reported = new Set<string>();

  constructor(options: SessionOptions) {
    this.fs = options.fs;
    this.options = options;
    this.store = options.store ?? null;
    const { value, globals } = createBuiltins(this, options.system ?? null);
    this.builtins = value;
    this.scope = new GlobalScope(globals, this.store, options.home ?? null);
  }

  importFile(path: string, at: Span | null, names?: Attrs): Value {
    const file = this.kindOf(path) === "directory" ? normalizePath(`${path}/default.nix`) : path;
    if (names !== undefined) return this.evaluateFile(file, at, names);
    let thunk = this.imported.get(file);
    if (thunk === undefined) {
      thunk = new Thunk(() => this.evaluateFile(file, at));
      this.imported.set(file, thunk);
    }
    if (thunk.isBeingForced) {
      return new Unknown("recursion", `the file \`${file}\` is imported by what it needs for its own value`, at);
    }
    return thunk.force();
  }

  private evaluateFile(path: string, at: Span | null, names?: Attrs): Value {
    const bytes = this.readBytes(path, at, true);
    if (bytes instanceof Unknown) return bytes;
    const source = decodeSource(path, bytes);
    if ("binary" in source) return this.unreadable(path, source.binary, at);
    return this.evaluateSource(source, names);
  }

  evaluateText(text: string, path: string): Value {
    return new Thunk(() => this.evaluateSource({ path, text })).force();
  }

  private evaluateSource(source: SourceFile, names?: Attrs): Value {
    const { globals, scope } = names ? extendGlobals(this.scope, names) : { globals: globalNames, scope: this.scope };
    const file = parseNix(source, globals);
    this.files.set(source.path, file);
    return evaluate(file.expr, scope);
  }

  importValue(value: Value, at: Span | null): Value | undefined {
    return this.options.importValue?.(value, at);
  }

  searchPath(name: string): Lazy | undefined {
    return this.options.searchPath?.(name);
  }

  fetch(address: string): Value | undefined {
    return this.options.fetch?.(address);
  }

  /** `imported`: a file that is missing or unreadable is a finding, for Nix would fail. */
  readBytes(path: string, at: Span | null, imported = false): Uint8Array | Unknown {
    const content = this.contentOf(normalizePath(path));
    if (content.kind === "bytes") return content.bytes;
    if (content.kind === "unreadable") return this.unreadable(path, content.why, at);
    if (secretPath.test(path)) this.report({ kind: "secret-read", path, at, doubt: null });
    if (content.kind === "elsewhere") return new Unknown("impure", `\`${path}\` is a file of the machine`, at);
    if (imported) this.report({ kind: "missing-import", path, untracked: content.untracked, at });
    const why = content.untracked ? "is not tracked by git, so the flake does not see it" : "does not exist";
    return evalError(`the file \`${path}\` ${why}`, at);
  }

  private contentOf(path: string): FileContent {
    const bytes = this.storeTexts.get(path);
    if (bytes !== undefined) return { kind: "bytes", bytes };
    this.touched.add(path);
    return this.fs.readFile(path);
  }

  noteUnknownRead(path: Unknown, at: Span | null): void {
    const name = path.optionPath?.join(".");
    const isSecret = name !== undefined && /^(sops|age)\.secrets\./.test(name);
    this.report({ kind: "secret-read", path: name ?? path.message, at, doubt: isSecret ? null : path });
  }

  /** Nix could perhaps read what we cannot, so this is unknown, not an error. */
  private unreadable(path: string, why: string, at: Span | null): Unknown {
    this.report({ kind: "unreadable-file", path, why, at });
    return new Unknown("syntax", `the file \`${path}\` cannot be read: ${why}`, at);
  }

  /** One problem per file and kind is enough. */
  private report(problem: FileProblem): void {
    const key = `${problem.kind} ${problem.path}`;
    if (this.reported.has(key)) return;
    this.reported.add(key);
    this.problems.push(problem);
  }

  readDir(path: string): ReadonlyMap<string, FileKind> | null {
    this.touched.add(path);
    return this.fs.readDir(path);
  }

  kindOf(path: string): FileKind | null {
    if (this.storeTexts.has(path)) return "regular";
    this.touched.add(path);
    return this.fs.kindOf(path);
  }

  addStoreText(path: string, text: string): void {
    this.storeTexts.set(path, new TextEncoder().encode(text));
  }
}

/** The outermost frame with other values for some names and slots for more; globals keep their slots. */
function extendGlobals(base: GlobalScope, names: Attrs) {
  const globals = [...globalNames];
  const slots = [...base.slots];
  for (const [name, attr] of names.entries) {
    const slot = globals.indexOf(name);
    if (slot >= 0) slots[slot] = attr.value;
    else {
      globals.push(name);
      slots.push(attr.value);
    }
  }
  return { globals, scope: new GlobalScope(slots, base.store, base.home) };
}
