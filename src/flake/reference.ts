// Flake references: what an input's URL points to. The name of the input plays no part.

export type Reference =
  /** On disk: absolute, or relative to the flake. */
  | { readonly kind: "path"; readonly path: string }
  /** A name of the flake registry, as in `nixpkgs/nixos-unstable`. */
  | { readonly kind: "indirect"; readonly id: string }
  /** Anywhere else. `repository` is `owner/name` in lower case where the URL has one, else the host and path. */
  | { readonly kind: "remote"; readonly repository: string; readonly url: string };

/** What the attrs of an input or of a lock node say, as far as they are text. */
export interface ReferenceAttrs {
  readonly type?: string | undefined;
  readonly url?: string | undefined;
  readonly owner?: string | undefined;
  readonly repo?: string | undefined;
  readonly path?: string | undefined;
  readonly id?: string | undefined;
}

/** Undefined when neither a URL nor anything else says where the input is. */
export function referenceOfAttrs(attrs: ReferenceAttrs): Reference | undefined {
  const { type, url, owner, repo, path, id } = attrs;
  if (type === "indirect" && id) return { kind: "indirect", id };
  if (type === "path" && path !== undefined) return { kind: "path", path };
  if (owner && repo) return remote(`${owner}/${repo}`, `${type ?? "github"}:${owner}/${repo}`);
  return url === undefined ? undefined : parseReference(url);
}

export function parseReference(text: string): Reference {
  const bare = text.replace(/[?#].*$/, "");
  if (/^(\.|\/)/.test(bare)) return { kind: "path", path: bare };
  const [, scheme, rest] = /^([a-z][a-z0-9+.-]*):(.*)$/i.exec(bare) ?? [];
  if (scheme === undefined || rest === undefined) return { kind: "indirect", id: bare.split("/")[0] ?? bare };
  if (scheme === "path") return { kind: "path", path: rest };
  if (scheme === "flake") return { kind: "indirect", id: rest.split("/")[0] ?? rest };
  if (/^(git\+)?file$/.test(scheme)) return { kind: "path", path: rest.replace(/^\/\/(?=[./])/, "") };
  if (rest.startsWith("//")) return remote(repositoryOfUrl(rest.slice(2)), text);
  if (scheme.startsWith("git+") && /^[./]/.test(rest)) return { kind: "path", path: rest };
  const [owner = "", name = ""] = rest.split("/").filter((segment) => segment !== "");
  return remote(`${decodeURIComponent(owner)}/${name}`, text);
}

function remote(repository: string, url: string): Reference {
  return { kind: "remote", repository: repository.toLowerCase().replace(/\.git$/, ""), url };
}

/** `owner/name` of `host/owner/name/archive/main.tar.gz`; the host's own path where that shape does not fit. */
function repositoryOfUrl(rest: string): string {
  const [authority = "", ...segments] = rest.split("/").filter((segment) => segment !== "");
  const host = authority.replace(/^.*@/, "").replace(/:\d+$/, "");
  // FlakeHub: /f/owner/name/version; GitHub's API: /repos/owner/name/…
  const below = host === "flakehub.com" || segments[0] === "repos" ? segments.slice(1) : segments;
  if (/^(channels\.nixos\.org|releases\.nixos\.org|nixos\.org)$/.test(host)) return `${host}/${below.join("/")}`;
  const [owner, name] = below;
  return owner === undefined || name === undefined ? `${host}/${below.join("/")}` : `${owner}/${name}`;
}
