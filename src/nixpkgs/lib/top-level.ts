// The names that `lib` has at its top level besides its sub-sets: those of nixpkgs 26.05, and a few that older releases
// had and flakes still use.

export const topLevelNames: readonly string[] = `
  licensesSpdx
  add addContextFrom addDrvOutputDependencies addErrorContext addMetaAttrs all allUnique and any appendContext
  appendToName applyModuleArgsIfFunction assertMsg assertOneOf attrByPath attrNames attrVals attrValues
  attrsToList baseNameOf bitAnd bitNot bitOr bitXor boolToString boolToYesNo callPackageWith callPackagesWith
  canCleanSource cartesianProduct catAttrs ceil checkFlag checkListOfEnum checkReqs chooseDevOutputs cleanSource
  cleanSourceFilter cleanSourceWith closePropagation cmakeBool cmakeFeature cmakeOptionType collect
  commitIdFromGitRepo compare compareLists compareVersions composeExtensions composeManyExtensions concat
  concatAttrValues concatImapStrings concatImapStringsSep concatLines concatLists concatMap concatMapAttrs
  concatMapAttrsStringSep concatMapStrings concatMapStringsSep concatStrings concatStringsSep condConcat const
  converge count crossLists deepSeq defaultFunctor defaultMerge defaultMergeArg defaultTo defaultTypeMerge dirOf
  dischargeProperties div doRename dontDistribute dontRecurseIntoAttrs drop dropEnd elem elemAt enableFeature
  enableFeatureAs escape escapeRegex escapeShellArg escapeShellArgs escapeURL escapeXML evalModules
  evalOptionValue extendDerivation extendMkDerivation extends fakeHash fakeSha256 fakeSha512 fileContents filter
  filterAttrs filterAttrsRecursive filterOverrides filterSource findFirst findSingle fix fix' fixMergeModules
  fixedWidthNumber fixedWidthString fixupOptionType flakeRefToString flatten flip floor fold foldArgs foldAttrs
  foldl foldl' foldlAttrs foldr forEach fromHexString fromJSON fromTOML fullDepEntry functionArgs genAttrs
  genAttrs' genList genericClosure getAttr getAttrFromPath getAttrs getBin getContext getDev getExe getExe'
  getFiles getFirstOutput getInclude getLib getLicenseFromSpdxId getLicenseFromSpdxIdOr getMan getName getOutput
  getStatic getValue getValues getVersion groupBy groupBy' hasAttr hasAttrByPath hasContext hasInfix hasPrefix
  hasSuffix hashFile hashString head hiPrio hiPrioSet hydraJob id ifEnable ifilter0 imap imap0 imap1 importJSON
  importTOML inNixShell inPureEvalMode info init innerClosePropagation innerModifySumArgs intersectAttrs
  intersectLists intersperse isAttrs isBool isDerivation isFloat isFunction isInOldestRelease isInt isList
  isOption isOptionType isPath isStorePath isString isStringLike isType isValidPosixName join last lazyDerivation
  lazyGenericClosure length lessThan listDfs listToAttrs literalDocBook literalExample literalExpression literalMD
  lowPrio lowPrioSet lowerChars makeBinPath makeExtensible makeExtensibleWithCustomName makeIncludePath
  makeLibraryPath makeOverridable makeScope makeScopeWithSplicing makeScopeWithSplicing' makeSearchPath
  makeSearchPathOutput map mapAttrs mapAttrs' mapAttrsRecursive mapAttrsRecursiveCond mapAttrsToList
  mapAttrsToListRecursive mapAttrsToListRecursiveCond mapCartesianProduct mapCrossIndex mapDerivationAttrset
  mapNullable match matchAttrs max maybeAttr maybeAttrNullable maybeEnv mdDoc mergeAttrBy mergeAttrByFunc
  mergeAttrs mergeAttrsByFuncDefaults mergeAttrsByFuncDefaultsClean mergeAttrsConcatenateValues mergeAttrsList
  mergeAttrsNoOverride mergeAttrsWithFunc mergeDefaultOption mergeDefinitions mergeEqualOption mergeModules
  mergeModules' mergeOneOption mergeOptionDecls mergeUniqueOption mesonBool mesonEnable mesonOption min
  mirrorFunctionArgs mkAfter mkAliasAndWrapDefinitions mkAliasDefinitions mkAliasOptionModule
  mkAliasOptionModuleMD mkAssert mkBefore mkChangedOptionModule mkDefault mkDefinition mkDerivedConfig
  mkEUI64Suffix mkEnableOption mkFixStrictness mkForce mkIf mkImageMediaOverride mkLuaInline mkMerge
  mkMergedOptionModule mkOption mkOptionDefault mkOptionType mkOrder mkOverride mkPackageOption mkPackageOptionMD
  mkRemovedOptionModule mkRenamedOptionModule mkRenamedOptionModuleWith mkSinkUndeclaredOptions mkVMOverride mod
  modifySumArgs mul mutuallyExclusive nameFromURL nameValuePair naturalSort nixType nixpkgsVersion noDepEntry nvs
  oldestSupportedReleaseIsAtLeast optionAttrSetToDocList optionAttrSetToDocList' optional optionalAttrs
  optionalDrvAttr optionalString optionals or overrideDerivation overrideExisting packEntry
  packagesFromDirectoryRecursive parseDrvName parseFlakeRef partition pathExists pathHasContext pathIsDirectory
  pathIsGitRepo pathIsRegularFile pathType pipe placeholder pushDownProperties range readDir readFile readFileType
  recurseIntoAttrs recursiveUpdate recursiveUpdateUntil remove removeAttrs removePrefix removeSuffix
  renameCrossIndexFrom renameCrossIndexTo replaceElemAt replaceString replaceStrings replicate repoRevToName
  revOrTag reverseList runTests scrubOptionValue seq setAttr setAttrByPath setAttrMerge setDefaultModuleLocation
  setFunctionArgs setName setPrio setType showAttrPath showFiles showOption showOptionWithDefLocs showWarnings
  singleton sort sortOn sortProperties sourceByRegex sourceFilesBySuffices split splitByAndCompare splitString
  splitStringBy splitVersion stringAfter stringAsChars stringLength stringToCharacters sub sublist substring
  subtractLists tail take takeEnd testAllTrue textClosureList textClosureMap throwIf throwIfNot toBaseDigits
  toCamelCase toDerivation toExtension toFile toFunction toHexString toInt toIntBase10 toJSON toList toLower
  toSentenceCase toShellVar toShellVars toString toUpper toXML toposort trace traceFnSeqN traceIf traceSeq
  traceSeqN traceVal traceValFn traceValSeq traceValSeqFn traceValSeqN traceValSeqNFn trim trimWith tryEval typeOf
  unifyModuleSyntax uniqList uniqListExt unique uniqueStrings unknownModule unsafeDiscardOutputDependency
  unsafeDiscardStringContext unsafeGetAttrPos updateManyAttrsByPath updateName upperChars version versionAtLeast
  versionOlder warn warnIf warnIfNot warnOnInstantiate withFeature withFeatureAs xor zipAttrs zipAttrsWith
  zipAttrsWithNames zipLists zipListsWith
`
  .trim()
  .split(/\s+/);
