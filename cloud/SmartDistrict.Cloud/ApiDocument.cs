using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.ApiExplorer;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.OpenApi;
using SmartDistrict.Cloud.Problems;

namespace SmartDistrict.Cloud;

/// <summary>The OpenAPI document at <c>/openapi/v1.json</c>. The console's client is generated from its approved copy, <c>cloud/console/openapi.json</c>.</summary>
internal static class ApiDocument
{
    public static IServiceCollection AddApiDocument(this IServiceCollection services) => services.AddOpenApi("v1", options => options
        .AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new OpenApiInfo
            {
                Title = "SmartDistrict",
                Version = "v1",
                Description =
                    "Footfall of a district's zones, live and over time. Refusals are problem details (RFC 9457) with a stable code. "
                    + "Sign in by POST /api/v1/session (cookie), or send Authorization: Bearer with a token that an administrator made.",
            };
            document.Servers = [];
            return Task.CompletedTask;
        })
        .AddOperationTransformer((operation, context, _) =>
        {
            TellEntityTag(operation, context.Description);
            TellProblemExamples(operation);
            ApiExamples.Show(operation);
            return Task.CompletedTask;
        })
        .AddSchemaTransformer((schema, context, _) =>
        {
            if (context.JsonTypeInfo.Type.IsAssignableTo(typeof(ProblemDetails)) && schema.Properties is { } properties)
                properties["code"] = new OpenApiSchema { Type = JsonSchemaType.String, Description = "Stable name of the refusal, for translation." };
            if (context.JsonTypeInfo.Type.IsAssignableTo(typeof(Districts.ZoneGeometry)) 
                && schema.Properties is { } shape && shape.TryGetValue("type", out var type) && type is OpenApiSchema geometry)
                geometry.Description = "Which geometry of GeoJSON it is.";
            if (context.JsonPropertyInfo is { Name: "type", DeclaringType: var geoJson } && TypeOf(geoJson) is { } name)
            {
                schema.Type = JsonSchemaType.String;
                schema.Enum = [JsonValue.Create(name)];
            }
            return Task.CompletedTask;
        }));

    /// <summary>As <see cref="EntityTags"/> does.</summary>
    private static void TellEntityTag(OpenApiOperation operation, ApiDescription description)
    {
        var isQuestion = description.HttpMethod == HttpMethods.Get && description.RelativePath?.StartsWith("api/v1/", StringComparison.Ordinal) == true;
        if (!isQuestion || operation.Responses is not { } responses || !responses.TryGetValue("200", out var answer)
            || answer.Content?.Keys.Any(type => type.EndsWith("json", StringComparison.Ordinal)) != true)
            return;
        ((OpenApiResponse)answer).Headers ??= new Dictionary<string, IOpenApiHeader>();
        answer.Headers!["ETag"] = new OpenApiHeader { Description = "Hash of the content, for If-None-Match.", Schema = new OpenApiSchema { Type = JsonSchemaType.String } };
        responses["304"] = new OpenApiResponse { Description = "Not modified: the content is still that of the tag in If-None-Match." };
    }

    private static void TellProblemExamples(OpenApiOperation operation)
    {
        foreach (var (status, response) in operation.Responses ?? [])
            if (response.Content is { } content && content.TryGetValue("application/problem+json", out var problem) && problem.Example is null && int.TryParse(status, CultureInfo.InvariantCulture, out var code))
                problem.Example = new JsonObject
                {
                    ["type"] = "about:blank",
                    ["title"] = ReasonPhrases.GetReasonPhrase(code),
                    ["status"] = code,
                    ["detail"] = "What is wrong, and how to mend it.",
                    ["code"] = Problem.CodeOf(code),
                };
    }

    /// <summary>The one value of <c>type</c> in an object of GeoJSON.</summary>
    private static string? TypeOf(Type type) =>
        type == typeof(Districts.ZoneCollection) || type == typeof(Districts.LineCollection) ? "FeatureCollection"
        : type == typeof(Districts.ZoneFeature) || type == typeof(Districts.LineFeature) ? "Feature"
        : type == typeof(Districts.LineGeometry) ? "LineString"
        : null;
}
