using System.Text.Json;

namespace SmartDistrict.Cloud.Tests.Api;

/// <summary>Holds JSON against a schema of the OpenAPI document, as far as the document uses schemas: types, references, properties, items, choices.</summary>
internal sealed class SchemaFit(JsonElement document)
{
    /// <returns>What does not fit, and where; nothing if all does.</returns>
    public IEnumerable<string> Problems(JsonElement schema, JsonElement value, string at = "$")
    {
        if (schema.TryGetProperty("$ref", out var reference))
            return Problems(document.GetProperty("components").GetProperty("schemas").GetProperty(reference.GetString()!.Split('/')[^1]), value, at);
        foreach (var choice in new[] { "oneOf", "anyOf" })
            if (schema.TryGetProperty(choice, out var choices))
                return choices.EnumerateArray().Any(one => !Problems(one, value, at).Any()) ? [] : [$"{at}: {value} is none of {choice}"];
        if (schema.TryGetProperty("enum", out var values) && !values.EnumerateArray().Any(one => one.GetRawText() == value.GetRawText()))
            return [$"{at}: {value} is not one of {values}"];
        if (schema.TryGetProperty("type", out var type) && !Types(type).Contains(TypeOf(value)) && !(TypeOf(value) == "integer" && Types(type).Contains("number")))
            return [$"{at}: {value} is not of type {type}"];
        return value.ValueKind switch
        {
            JsonValueKind.Object => OfObject(schema, value, at),
            JsonValueKind.Array when schema.TryGetProperty("items", out var items) => value.EnumerateArray().SelectMany((item, i) => Problems(items, item, $"{at}[{i}]")),
            _ => [],
        };
    }

    private IEnumerable<string> OfObject(JsonElement schema, JsonElement value, string at)
    {
        var known = schema.TryGetProperty("properties", out var properties);
        if (schema.TryGetProperty("required", out var required))
            foreach (var name in required.EnumerateArray().Select(name => name.GetString()!).Where(name => !value.TryGetProperty(name, out _)))
                yield return $"{at}: {name} is missing";
        foreach (var property in value.EnumerateObject())
        {
            var own = default(JsonElement);
            if (known && properties.TryGetProperty(property.Name, out own) || schema.TryGetProperty("additionalProperties", out own) && own.ValueKind == JsonValueKind.Object)
                foreach (var problem in Problems(own, property.Value, $"{at}.{property.Name}"))
                    yield return problem;
            else if (known)
                yield return $"{at}: {property.Name} is not in the schema";
        }
    }

    private static string[] Types(JsonElement type) => type.ValueKind == JsonValueKind.Array ? [.. type.EnumerateArray().Select(one => one.GetString()!)] : [type.GetString()!];

    private static string TypeOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "object",
        JsonValueKind.Array => "array",
        JsonValueKind.String => "string",
        JsonValueKind.True or JsonValueKind.False => "boolean",
        JsonValueKind.Null => "null",
        _ => value.TryGetInt64(out _) ? "integer" : "number",
    };
}
