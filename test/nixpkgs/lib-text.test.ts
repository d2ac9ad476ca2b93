// The native `lib`, function by function: expressions and what Nix gives for them with nixpkgs' own library.

// biome-ignore-all lint/suspicious/noTemplateCurlyInString: it is how Nix interpolates

import { describe, expect, it } from "vitest";
import { shownWithLib } from "./lib-evaluation.ts";

type Case = readonly [expression: string, shown: string];

const stringCases: readonly Case[] = [
  ['concatMapStringsSep " " (path: "--exclude ${path}") [ "/tmp" "/proc" ]', '"--exclude /tmp --exclude /proc"'],
  ['concatImapStringsSep "," (position: name: "${toString position}${name}") [ "x" "y" ]', '"1x,2y"'],
  ['concatMapAttrsStringSep ";" (name: value: "${name}=${toString value}") { b = 2; a = 1; }', '"a=1;b=2"'],
  ['concatLines [ "one" "two" ]', '"one\\ntwo\\n"'],
  ['intersperse "-" [ 1 2 3 ]', '[ 1 "-" 2 "-" 3 ]'],
  ['strings.replicate 2 "ab"', '"abab"'],
  ['replaceString "." "-" "a.b.c"', '"a-b-c"'],
  ['trim "\\t padded text \\n"', '"padded text"'],
  ['strings.trimWith { end = true; } "  both  "', '"  both"'],
  ['makeSearchPath "share" [ "/one" null "/two" ]', '"/one/share:/two/share"'],
  ['makeLibraryPath [ { outPath = "/pkg"; lib.outPath = "/pkg-lib"; } "/plain" ]', '"/pkg-lib/lib:/plain/lib"'],
  ['optionalString false (throw "not needed")', '""'],
  [
    '[ (hasPrefix "/var" "/var/lib") (hasPrefix "/srv" "/var/lib") (hasPrefix "longer than" "text") ]',
    "[ true false false ]",
  ],
  ['[ (hasSuffix ".nix" "default.nix") (hasSuffix "default.nix.bak" "nix") ]', "[ true false ]"],
  ['[ (hasInfix "a.b" "xaxb") (hasInfix "a.b" "xa.b") ]', "[ false true ]"],
  ['removePrefix "services." "services.restic"', '"restic"'],
  ['removeSuffix ".nix" "role.nix.bak"', '"role.nix.bak"'],
  ['splitString "," "a,,b,"', '[ "a" "" "b" "" ]'],
  ['splitString ".*" "a.*b"', '[ "a" "b" ]'],
  ['strings.splitStringBy (previous: current: current == "/") false "a/b//c"', '[ "a" "b" "" "c" ]'],
  ['stringToCharacters "nix"', '[ "n" "i" "x" ]'],
  ['stringAsChars (character: if character == " " then "_" else character) "a b c"', '"a_b_c"'],
  ['escape [ "%" "_" ] "50%_off"', '"50\\\\%\\\\_off"'],
  ['escapeShellArg "it\'s"', "\"'it'\\\\''s'\""],
  ['escapeShellArg "/var/lib/app-1.0:rw"', '"/var/lib/app-1.0:rw"'],
  ['escapeShellArgs [ "--name" "two words" 3 "" ]', "\"--name 'two words' 3 ''\""],
  [
    'toShellVars { list = [ "a b" "c" ]; map = { key = "v w"; }; plain = true; }',
    "\"declare -a list=('a b' c)\\ndeclare -A map=([key]='v w')\\nplain=1\"",
  ],
  ['escapeRegex "a.b*[c]"', '"a\\\\.b\\\\*\\\\[c]"'],
  ['escapeXML "<a href=\\"x\\">\'&\'</a>"', '"&lt;a href=&quot;x&quot;&gt;&apos;&amp;&apos;&lt;/a&gt;"'],
  ['escapeURL "/path with/ä?x=1&y"', '"%2Fpath%20with%2Fä%3Fx%3D1%26y"'],
  ['strings.escapeNixString "\\${x} \\"q\\" \\\\"', '"\\"\\\\\\${x} \\\\\\"q\\\\\\" \\\\\\\\\\""'],
  [
    'map strings.escapeNixIdentifier [ "plain" "with space" "then" "a\'b" ]',
    '[ "plain" "\\"with space\\"" "\\"then\\"" "a\'b" ]',
  ],
  [
    '[ (toUpper "héllo") (toLower "ÀBC") (toSentenceCase "mIXED case") (strings.toCamelCase "one-two_three fourFive") ]',
    '[ "HéLLO" "Àbc" "Mixed case" "oneTwoThreeFourFive" ]',
  ],
  [
    '[ (versionOlder "24.05" "24.11") (versionAtLeast "1.10" "1.9") (versionOlder "1.0pre" "1.0") ]',
    "[ true true true ]",
  ],
  [
    '[ (getName "tool-1.2.3") (getVersion "tool-1.2.3") (getName { pname = "p"; name = "n-1"; }) (getVersion { name = "n-1"; }) ]',
    '[ "tool" "1.2.3" "p" "1" ]',
  ],
  [
    '[ (versions.major "12.3.4") (versions.minor "12.3") (versions.majorMinor "12.3.4") (versions.pad 3 "9") ]',
    '[ "12" "3" "12.3" "9.0.0" ]',
  ],
  ['[ (fixedWidthNumber 4 42) (fixedWidthString 6 "-=" "ab") ]', '[ "0042" "-=-=ab" ]'],
  ['map toInt [ "42" " -7 " "0" ]', "[ 42 -7 0 ]"],
  ['tryEval (toInt "007")', "{ success = false; value = false; }"],
  ['map toIntBase10 [ "007" "-3" "000" ]', "[ 7 -3 0 ]"],
  ['strings.sanitizeDerivationName "..my file (1)"', '"my-file-1-"'],
  ['[ (strings.levenshtein "restic" "rustic") (strings.levenshteinAtMost 1 "restic" "rustics") ]', "[ 1 false ]"],
  [
    '[ (cmakeBool "TESTS" true) (mesonEnable "docs" false) (enableFeature false "gtk") (withFeatureAs true "ssl" "/o") ]',
    '[ "-DTESTS:BOOL=TRUE" "-Ddocs=disabled" "--disable-gtk" "--with-ssl=/o" ]',
  ],
  ['[ (isStorePath "/nix/store/abc-x") (isStorePath "/etc") (isStorePath 1) ]', "[ true false false ]"],
  ['[ (isValidPosixName "A_1") (isValidPosixName "1A") ]', "[ true false ]"],
];

const generatorCases: readonly Case[] = [
  [
    'generators.toKeyValue { } { user = "backup"; enabled = true; retries = 3; none = null; ratio = 0.5; }',
    '"enabled=true\\nnone=null\\nratio=0.500000\\nretries=3\\nuser=backup\\n"',
  ],
  ['generators.toKeyValue { listsAsDuplicateKeys = true; } { include = [ "a" "b" ]; }', '"include=a\\ninclude=b\\n"'],
  [
    'generators.toINI { } { global = { level = 2; }; "share [x]" = { path = "/srv"; }; }',
    '"[global]\\nlevel=2\\n\\n[share \\\\[x\\\\]]\\npath=/srv\\n"',
  ],
  ['generators.toINI { mkKeyValue = key: value: "${key}:${toString value}"; } { a.b = 1; }', '"[a]\\nb:1\\n"'],
  [
    "generators.toINIWithGlobalSection { } { globalSection.first = 1; sections.later.second = 2; }",
    '"first=1\\n\\n[later]\\nsecond=2\\n"',
  ],
  [
    'generators.toGitINI { core.pager = "less \\"-R\\""; remote.origin.url = "ssh://x"; alias = { st = "status"; }; }',
    '"[alias]\\n\\tst = \\"status\\"\\n\\n[core]\\n\\tpager = \\"less \\\\\\"-R\\\\\\"\\"\\n\\n[remote \\"origin\\"]\\n\\turl = \\"ssh://x\\"\\n"',
  ],
  [
    'generators.toPretty { } { name = "x"; list = [ 1 [ ] ]; text = "a\\nb\\n"; fn = { a, b ? 1 }: a; empty = { }; }',
    "\"{\\n  empty = { };\\n  fn = <function, args: {a, b?}>;\\n  list = [\\n    1\\n    [ ]\\n  ];\\n  name = \\\"x\\\";\\n  text = ''\\n    a\\n    b\\n  '';\\n}\"",
  ],
  ['generators.toPretty { multiline = false; } [ { a = null; } "q\\"" ]', '"[ { a = null; } \\"q\\\\\\"\\" ]"'],
  [
    'generators.toLua { } { enable = true; "odd key" = [ 1 2.5 "s" ]; nested.nothing = null; }',
    '"{\\n  [\\"enable\\"] = true,\\n  [\\"nested\\"] = {\\n    [\\"nothing\\"] = nil\\n  },\\n  [\\"odd key\\"] = {\\n    1,\\n    2.5,\\n    \\"s\\"\\n  }\\n}"',
  ],
  [
    "generators.toLua { asBindings = true; multiline = false; } { a = 1; b = { c = [ ]; }; }",
    '"a = 1\\nb = { [\\"c\\"] = {} }\\n"',
  ],
  ["generators.toDhall { } { a = 3; b = [ true ]; }", '"{ a = +3, b = [ True ] }"'],
  [
    'generators.toPlist { escape = true; } { Label = "a<b"; Args = [ "x" 1 false ]; skipped = null; }',
    '"<?xml version=\\"1.0\\" encoding=\\"UTF-8\\"?>\\n<!DOCTYPE plist PUBLIC \\"-//Apple Computer//DTD PLIST 1.0//EN\\" \\"http://www.apple.com/DTDs/PropertyList-1.0.dtd\\">\\n<plist version=\\"1.0\\">\\n<dict>\\n\\t<key>Args</key>\\n\\t<array>\\n\\t\\t<string>x</string>\\n\\t\\t<integer>1</integer>\\n\\t\\t<false/>\\n\\t</array>\\n\\t<key>Label</key>\\n\\t<string>a&lt;b</string>\\n</dict>\\n</plist>"',
  ],
  [
    'generators.toDconfINI { "org/app" = { on = true; name = "it\'s"; items = [ "a" ]; }; }',
    "\"[org/app]\\nitems=@as ['a']\\nname='it\\\\'s'\\non=true\\n\"",
  ],
  [
    "generators.withRecursion { depthLimit = 2; throwOnDepthLimit = false; } { a.b.c.d = 1; }",
    '{ a = { b = { c = "<unevaluated>"; }; }; }',
  ],
  [
    'cli.toGNUCommandLineShell { } { verbose = true; quiet = false; o = "out file"; include = [ "a" "b" ]; }',
    "\"--include a --include b -o 'out file' --verbose\"",
  ],
  [
    'cli.toCommandLineShellGNU { } { verbose = true; o = "out"; include = [ "a" "b c" ]; none = null; }',
    "\"'--include=a' '--include=b c' -oout --verbose\"",
  ],
  [
    'cli.toCommandLine (name: { option = "/${name}"; sep = ":"; explicitBool = true; }) { log = false; size = 3; }',
    '[ "/log:false" "/size:3" ]',
  ],
];

describe("lib.strings", () => {
  it.each(stringCases)("%s", (expression, shown) => {
    expect(shownWithLib(expression)).toBe(shown);
  });
});

describe("lib.generators and lib.cli", () => {
  it.each(generatorCases)("%s", (expression, shown) => {
    expect(shownWithLib(expression)).toBe(shown);
  });
});
