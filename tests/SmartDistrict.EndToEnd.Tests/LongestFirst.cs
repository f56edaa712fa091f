using SmartDistrict.EndToEnd.Tests;
using SmartDistrict.EndToEnd.Tests.Console;
using Xunit.Sdk;
using Xunit.v3;

// Three at a time keep two processors busy: the tests wait for processes, pages and disks most of the time.
[assembly: CollectionBehavior(MaxParallelThreads = 3)]
[assembly: TestCollectionOrderer(typeof(LongestFirst))]

namespace SmartDistrict.EndToEnd.Tests;

/// <summary>Collections that take minutes begin first, so that none of them is waited for at the end.</summary>
public sealed class LongestFirst : ITestCollectionOrderer
{
    private static readonly string[] Long = [nameof(OperatorPages), nameof(AnalystPages), nameof(ChaosTests), nameof(WholeWayTests)];

    public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(IReadOnlyCollection<TTestCollection> testCollections)
        where TTestCollection : ITestCollection =>
        [.. testCollections.OrderBy(collection => Array.FindIndex(Long, name => collection.TestCollectionDisplayName.Contains(name, StringComparison.Ordinal)) is var place and >= 0 ? place : Long.Length)];
}
