// Aspects of den: modules by class, other aspects they include, and functions of a context such as `{ host, user }`.

export const denAspects = `
{ lib, den }:
let
  inherit (builtins) attrNames concatMap filter functionArgs head intersectAttrs isAttrs isFunction isList listToAttrs;
  reserved = [ "includes" "provides" "_" "meta" "name" "description" "into" "__functor" "__functionArgs" "__bound" ];

  requiredOf = fn: let args = functionArgs fn; in filter (name: !args.\${name}) (attrNames args);
  isModule = fn: functionArgs fn != { } && lib.all (name: lib.elem name [ "config" "lib" "options" ]) (requiredOf fn)
    && functionArgs fn ? config;
  # \`path: { … }\` makes an aspect from an argument; functions of a context name what they take.
  isFactory = fn: functionArgs fn == { };

  aspectType = lib.mkOptionType {
    name = "aspect";
    check = value: isAttrs value || isFunction value;
    merge = loc: definitions:
      let
        values = map (definition: definition.value) definitions;
        factories = filter (value: isFunction value && isFactory value) values;
        self = merge (lib.last loc) (map (given self) definitions);
      in
      if factories != [ ] then head factories else self;
    emptyValue.value = { };
  };

  # What an aspect provides may be a function to call; it stays one.
  providerType = aspectType // {
    merge = loc: definitions:
      let functions = filter isFunction (map (definition: definition.value) definitions); in
      if lib.length functions == lib.length definitions then head functions else aspectType.merge loc definitions;
  };

  given = self: { file, value }: {
    inherit file;
    value =
      if !isFunction value then value
      else if isModule value then value (intersectAttrs (functionArgs value) { config = self; inherit lib; options = { }; })
      else { includes = [ value ]; };
  };

  merge = name: definitions:
    let
      values = map (definition: definition.value) definitions;
      classes = filter (class: !(lib.elem class reserved)) (lib.unique (concatMap attrNames values));
      moduleOf = class: {
        imports = map (definition: { _file = definition.file; imports = [ definition.value.\${class} ]; })
          (filter (definition: definition.value ? \${class}) definitions);
      };
      providers = concatMap ({ file, value }: map (given: { inherit file; value = given; })
        (lib.optional (value ? provides) value.provides ++ lib.optional (value ? _) value._)) definitions;
      provides = lib.genAttrs (lib.unique (concatMap (definition: attrNames definition.value) providers))
        (provided: providerType.merge [ name provided ] (concatMap
          ({ file, value }: lib.optional (value ? \${provided}) { inherit file; value = value.\${provided}; })
          providers));
    in
    lib.genAttrs classes moduleOf // {
      inherit name provides;
      _ = provides;
      includes = concatMap (value: value.includes or [ ]) values;
      meta = lib.foldl' lib.recursiveUpdate { inherit name; } (map (value: value.meta or { }) values);
    };

  # The modules of a class that an aspect has in a context, those of what it includes after its own.
  modulesIn = class: context: aspect: modulesBelow class context (bind context aspect) aspect;
  modulesBelow = class: context: root: aspect:
    let below = modulesBelow class context root; in
    if isFunction aspect then
      let offered = context // { inherit class; aspect-chain = [ root ]; }; in
      if !isFactory aspect && lib.all (name: offered ? \${name}) (requiredOf aspect)
      then below (aspect (intersectAttrs (functionArgs aspect) offered))
      else [ ]
    else if isList aspect then concatMap below aspect
    else if aspect ? __bound then modulesIn class aspect.__bound aspect.aspect
    else lib.optional (aspect ? \${class}) aspect.\${class} ++ concatMap below (aspect.includes or [ ]);

  home = host: user: (if lib.hasSuffix "darwin" host.system then "/Users/" else "/home/") + user.userName;

  nothing = { };
  batteries = {
    define-user.includes = [
      ({ host, user }: {
        nixos.users.users.\${user.userName} = { name = user.userName; home = home host user; isNormalUser = true; };
        homeManager.home = { username = user.userName; homeDirectory = home host user; };
      })
    ];
    hostname.includes = [ ({ host, ... }: { nixos.networking.hostName = host.hostName; }) ];
    primary-user.includes = [
      ({ host, user }: { nixos.users.users.\${user.userName}.extraGroups = [ "wheel" "networkmanager" ]; })
    ];
    inputs' = nothing;
    self' = nothing;
    mutual-provider = nothing;
    os-class = nothing;
    os-user = nothing;
    home-manager = nothing;
    hjem = nothing;
    maid = nothing;
    host-aspects = nothing;
    user-shell = _: nothing;
    unfree = _: nothing;
    insecure = _: nothing;
    tty-autologin = user: { nixos.services.getty.autologinUser = user; };
    # Modules of one class as a part of another.
    forward = { each, fromClass, intoClass, intoPath, fromAspect, ... }: {
      includes = map
        (item: {
          \${intoClass item} = lib.setAttrByPath (intoPath item) { imports = modulesIn (fromClass item) { } (fromAspect item); };
        })
        each;
    };
  };

  bind = context: aspect: { __bound = context; inherit aspect; };
  asIs = aspect: aspect;
  takes = fn: fn;
  library = {
    parametric = {
      __functor = _: asIs;
      exactly = asIs;
      atLeast = asIs;
      withOwn = _: asIs;
      expands = context: bind context;
      fixedTo = { __functor = _: bind; exactly = bind; atLeast = bind; upTo = bind; };
    };
    take = { __functor = _: _: takes; exactly = takes; atLeast = takes; upTo = takes; unused = _: used: used; };
    aspects.resolve = class: aspect: { imports = modulesIn class { } aspect; };
    __findFile = _: name:
      let
        path = lib.splitString "." (lib.replaceStrings [ "/" ] [ ".provides." ] name);
        first = head path;
      in
      if first == "den" then lib.getAttrFromPath (lib.tail path) den
      else if den.aspects ? \${first} then lib.getAttrFromPath path den.aspects
      else lib.getAttrFromPath (filter (part: part != "provides") (lib.take 2 (lib.tail path)) ++ lib.drop 2 (lib.tail path)) den.ful.\${first};
  };
in
{
  inherit aspectType providerType modulesIn batteries library;
}
`;
