namespace SmartDistrict.EndToEnd.Tests.Console;

/// <summary>Pages of those who watch what is now. Beside <see cref="AnalystPages"/>, on a site of its own.</summary>
[CollectionDefinition]
public sealed class OperatorPages : ICollectionFixture<ConsoleSite>;

/// <summary>Pages of numbers, people and the frame around all pages.</summary>
[CollectionDefinition]
public sealed class AnalystPages : ICollectionFixture<ConsoleSite>;

/// <summary>What is measured: after all others, alone on the machine.</summary>
[CollectionDefinition(DisableParallelization = true)]
public sealed class FirstLoads;
