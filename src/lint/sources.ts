// The texts that a report points into, gathered once so that reporters stay pure.

import type { FlakeFiles } from "../flake/files.ts";
import type { SourceFile } from "../source/source-file.ts";
import type { Span } from "../source/span.ts";

/** Every file of the spans that can be read as text. Encrypted Nix has no text. */
export function collectSources(
  files: FlakeFiles,
  extra: readonly SourceFile[],
  spans: Iterable<Span | null>,
): Map<string, SourceFile> {
  const sources = new Map(extra.map((source) => [source.path, source]));
  for (const span of spans) {
    if (span === null || sources.has(span.file)) continue;
    const source = files.parsed.get(span.file)?.source ?? readSource(files, span.file);
    if (source !== null) sources.set(span.file, source);
  }
  return sources;
}

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: false });

function readSource({ fs }: FlakeFiles, path: string): SourceFile | null {
  const content = fs.readFile(path);
  if (content.kind !== "bytes") return null;
  try {
    return { path, text: decoder.decode(content.bytes) };
  } catch {
    return null;
  }
}
