using System.Text.Json;
using SmartDistrict.Cloud.Tests.Hosting;

namespace SmartDistrict.Cloud.Tests.Api;

/// <summary>
/// The HTTP interface is frozen by an approved copy, from which the console's client is generated. A wanted change is
/// approved by <c>APPROVE=1</c> in the environment of this test.
/// </summary>
public sealed class TheOpenApiDocument
{
    private static readonly string Approved = Path.Combine(Root(), "cloud", "console", "openapi.json");

    [Fact]
    public async Task Is_as_approved()
    {
        await using var app = new CloudApp();
        var text = await app.CreateClient().GetStringAsync("/openapi/v1.json", TestContext.Current.CancellationToken);
        text = text.ReplaceLineEndings("\n").TrimEnd() + "\n";
        if (Environment.GetEnvironmentVariable("APPROVE") == "1")
            await File.WriteAllTextAsync(Approved, text, TestContext.Current.CancellationToken);
        Assert.Equal(await File.ReadAllTextAsync(Approved, TestContext.Current.CancellationToken), text);
    }

    [Fact]
    public async Task Describes_every_operation_and_every_property()
    {
        await using var app = new CloudApp();
        using var document = JsonDocument.Parse(await app.CreateClient().GetStringAsync("/openapi/v1.json", TestContext.Current.CancellationToken));
        foreach (var path in document.RootElement.GetProperty("paths").EnumerateObject())
            foreach (var operation in path.Value.EnumerateObject())
            {
                Assert.True(operation.Value.TryGetProperty("summary", out _), $"{operation.Name} {path.Name} has no summary");
                if (operation.Value.TryGetProperty("parameters", out var parameters))
                    foreach (var parameter in parameters.EnumerateArray())
                        Assert.True(parameter.TryGetProperty("description", out _), $"{path.Name}: {parameter.GetProperty("name")} has no description");
            }
        foreach (var schema in document.RootElement.GetProperty("components").GetProperty("schemas").EnumerateObject())
            if (schema.Value.TryGetProperty("properties", out var properties) && !schema.Name.EndsWith("ProblemDetails", StringComparison.Ordinal))
                foreach (var property in properties.EnumerateObject())
                    Assert.True(property.Value.TryGetProperty("description", out _) || property.Value.GetRawText().Contains("$ref", StringComparison.Ordinal),
                        $"{schema.Name}.{property.Name} has no description");
    }

    private static string Root()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "SmartDistrict.sln")))
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("SmartDistrict.sln is in no folder above the tests");
        return folder;
    }
}
