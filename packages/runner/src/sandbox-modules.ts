/**
 * The module loader of an untrusted operation: synchronous hooks that stand before every import.
 *
 * Invariants:
 *   M1. A builtin module is open, a facade, or a set of traps; what a hook cannot decide is refused.
 *   M2. Files come from the folders that the parent named, as ES modules or JSON; everything else is refused: CommonJS
 *       carries a loader of its own, addons and WebAssembly run outside the limits.
 *   M3. Code that is not a file (`data:`, `blob:`, `http:`) was never part of the module, and is a violation.
 *
 * @module
 */
import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import { isBuiltin, registerHooks } from "node:module";
import type { TrapSource } from "./sandbox-exports.ts";
import {
  categoryOfModule,
  OPEN_BUFFER,
  OPEN_CRYPTO,
  OPEN_MODULES,
  PERMISSION_CATEGORIES,
  trappedPackage,
} from "./sandbox-table.ts";
import { moduleTraps, processTrap, trap, type Violate } from "./sandbox-traps.ts";

const SCHEME = "canonic-trap:";

/**
 * Puts the hooks in place. From then on only the modules that are loaded already, and what M1 and M2 let through, can be
 * imported.
 *
 * @param options.roots - URLs of folders, each ending with a slash.
 * @param options.source - The module from which the trap modules take their exports, loaded already, and its URL.
 * @param options.builtin - A builtin module by its name without `node:`.
 */
export function closeModules(options: {
  readonly violate: Violate;
  readonly roots: readonly string[];
  readonly source: TrapSource;
  readonly sourceUrl: string;
  readonly builtin: (module: string) => object;
}): void {
  const { violate, roots, source, sourceUrl, builtin } = options;
  const made = new Map<string, Record<string, unknown>>();
  source.read = (name) => {
    const exports = made.get(name) ?? exportsOf(violate, name, builtin(name));
    made.set(name, exports);
    return exports;
  };
  Object.freeze(source);
  const isInside = (url: string): boolean => roots.some((root) => url.startsWith(root));
  registerHooks({
    resolve(specifier, context, next) {
      if (specifier === sourceUrl && context.parentURL?.startsWith(SCHEME)) return next(specifier, context);
      const name = specifier.replace(/^node:/, "");
      if (isBuiltin(specifier)) return { url: SCHEME + name, format: "module", shortCircuit: true };
      if (specifier.startsWith("node:")) return violate("configuration-changes", "import node:");
      const ours = trappedPackage(specifier);
      if (ours !== undefined) return violate(ours.category, ours.name);
      const scheme = /^(data|blob|https?|ftp|wss?):/i.exec(specifier)?.[1]?.toLowerCase();
      if (scheme !== undefined) {
        return violate(/^(data|blob)$/.test(scheme) ? "configuration-changes" : "network-access", `import ${scheme}:`);
      }
      const found = floor(violate, () => next(specifier, context));
      const led = trappedPackage(found.url);
      if (led !== undefined) return violate(led.category, led.name);
      if (!isInside(found.url)) return violate("file-access", "import file:");
      return found;
    },
    load(url, context, next) {
      if (url.startsWith(SCHEME)) {
        const name = url.slice(SCHEME.length);
        return {
          format: "module",
          source: sourceText(sourceUrl, name, Object.keys(builtin(name))),
          shortCircuit: true,
        };
      }
      if (!isInside(url)) return violate("file-access", "import file:");
      if (/\.node$/i.test(url)) return violate("processes", "import addon");
      if (/\.wasm$/i.test(url)) return violate("threads", "import wasm");
      const loaded = floor(violate, () => next(url, context));
      if (!/^(module|module-typescript|json)$/.test(loaded.format ?? "")) {
        throw new TypeError("an untrusted operation is made of ES modules");
      }
      return loaded;
    },
  });
}

/** Node's own refusal of a file is an attempt to reach it. */
function floor<T>(violate: Violate, read: () => T): T {
  try {
    return read();
  } catch (error) {
    return violateIfDenied(violate, error);
  }
}

/** Reports Node's own refusal under its category; rethrows anything else. */
export function violateIfDenied(violate: Violate, error: unknown): never {
  const { code, permission } = Object(error) as { readonly code?: unknown; readonly permission?: unknown };
  if (code === "ERR_ACCESS_DENIED") {
    const name = typeof permission === "string" && PERMISSION_CATEGORIES.has(permission) ? permission : "FileSystem";
    return violate(PERMISSION_CATEGORIES.get(name) ?? "file-access", `permission ${name}`);
  }
  throw error;
}

/** A module that hands on the exports of one builtin module, under the names that imports of it expect. */
function sourceText(sourceUrl: string, module: string, names: readonly string[]): string {
  const lines = [...new Set([...names, "default"])].map(
    (name, index) => `const v${index} = e[${JSON.stringify(name)}]; export { v${index} as ${JSON.stringify(name)} };`,
  );
  return `import { source } from ${JSON.stringify(sourceUrl)};\nconst e = source.read(${JSON.stringify(module)});\n${lines.join("\n")}`;
}

function exportsOf(violate: Violate, module: string, real: object): Record<string, unknown> {
  const names = Object.keys(real);
  if (module === "crypto") return cryptoFacade(violate, names);
  const traps = moduleTraps(violate, module, names);
  if (OPEN_MODULES.has(module)) return withDefault({ ...traps, ...functionsOf(real, names) });
  if (module === "buffer") return withDefault({ ...traps, ...functionsOf(real, OPEN_BUFFER) });
  if (module === "process") return { ...traps, default: processTrap(violate, new Set(names)) };
  const isCallable = /^(assert|assert\/strict|module|stream|test)$/.test(module);
  return { ...traps, default: isCallable ? trap(violate, categoryOfModule(module), `node:${module}`) : traps };
}

/** Functions and constants of a module, not the objects in it: those are the runtime's own, and can be changed. */
function functionsOf(real: object, names: readonly string[]): Record<string, unknown> {
  const entries = names.map((name) => [name, (real as Record<string, unknown>)[name]] as const);
  return Object.fromEntries(entries.filter(([, value]) => typeof value !== "object"));
}

function withDefault(exports: Record<string, unknown>): Record<string, unknown> {
  return { ...exports, default: Object.freeze({ ...exports }) };
}

/** Digests as they are, behind plain objects; the runtime's own are streams and lead to timers. */
function cryptoFacade(violate: Violate, names: readonly string[]): Record<string, unknown> {
  const traps = moduleTraps(violate, "crypto", names);
  const digesting = (hash: ReturnType<typeof createHash> | ReturnType<typeof createHmac>): object => {
    const self: object = Object.freeze({
      update(data: string | NodeJS.ArrayBufferView) {
        hash.update(data);
        return self;
      },
      digest: (encoding: "hex" | "base64" | "base64url") => hash.digest(encoding),
    });
    return self;
  };
  const open: Record<string, unknown> = {
    createHash: (algorithm: string) => digesting(createHash(algorithm)),
    createHmac: (algorithm: string, key: string | Buffer) => digesting(createHmac(algorithm, key)),
    timingSafeEqual: (a: Uint8Array, b: Uint8Array) => timingSafeEqual(a, b),
  };
  return withDefault({ ...traps, ...Object.fromEntries(OPEN_CRYPTO.map((name) => [name, open[name]])) });
}
