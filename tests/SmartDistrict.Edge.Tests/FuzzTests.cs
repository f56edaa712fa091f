using System.Diagnostics;
using SmartDistrict.Testing;

namespace SmartDistrict.Edge.Tests;

/// <summary>
/// The short form of the fuzz targets: each reads damaged and random inputs in a process of its own, and none crashes,
/// hangs or grows. The long form is <c>dotnet run -c Release --project tests/SmartDistrict.Fuzz -- all --inputs 1000000</c>.
/// </summary>
public sealed class FuzzTests
{
    [Theory]
    [InlineData("mqtt"), InlineData("payload"), InlineData("line-protocol"), InlineData("configuration")]
    public async Task No_input_crashes_or_hangs_its_reader_or_leaves_memory_behind(string target)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in (string[])[RepositoryFiles.Program("tests/SmartDistrict.Fuzz", "SmartDistrict.Fuzz.dll"), target, "--inputs", "20000", "--seed", "20261121"])
            start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, output + await error);
        Assert.Matches($@"\nfuzz {target} inputs=20000 crashes=0 hangs=0 growth_mib=[0-9.]+\n$", output);
    }
}
