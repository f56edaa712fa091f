using System.Text.Json.Nodes;
using Microsoft.OpenApi;

namespace SmartDistrict.Cloud;

/// <summary>
/// What a request and its answer look like, by operation, from <c>ApiExamples.json</c>:
/// <c>{"operation": {"parameters": {"name": value}, "body": …, "answer": …}}</c>. A test sends them and holds them against their schemas.
/// </summary>
internal static class ApiExamples
{
    private static readonly Lazy<JsonObject> All = new(() =>
    {
        using var file = typeof(ApiExamples).Assembly.GetManifestResourceStream("ApiExamples.json")
            ?? throw new InvalidOperationException("ApiExamples.json is not part of the assembly");
        return JsonNode.Parse(file)!.AsObject();
    });

    /// <summary>Adds the operation's examples, unless it has some of its own.</summary>
    public static void Show(OpenApiOperation operation)
    {
        if (operation.OperationId is not { } id || All.Value[id] is not { } examples)
            return;
        foreach (var parameter in (operation.Parameters ?? []).OfType<OpenApiParameter>())
            parameter.Example ??= examples["parameters"]?[parameter.Name ?? ""]?.DeepClone();
        foreach (var body in operation.RequestBody?.Content?.Values ?? [])
            body.Example ??= examples["body"]?.DeepClone();
        foreach (var (status, response) in operation.Responses ?? [])
            if (status.StartsWith('2'))
                foreach (var answer in response.Content?.Values ?? [])
                    answer.Example ??= examples["answer"]?.DeepClone();
    }
}
