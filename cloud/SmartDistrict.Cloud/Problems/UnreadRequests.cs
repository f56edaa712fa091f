using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Net.Http.Headers;

namespace SmartDistrict.Cloud.Problems;

/// <summary>
/// What makes no sense before an endpoint has read it: refused by <see cref="UseUnreadRefusal"/>, or by the framework, whose
/// message is of the program's types and not of the request.
/// </summary>
internal static partial class UnreadRequests
{
    /// <summary>Longer than anything that is asked for; who sends more gets no answer with all of it in it.</summary>
    private const int LongestValue = 500;

    private const string Document = "/openapi/v1.json says what this path takes";

    /// <summary>Refuses values that are longer than any can be, and JSON in other encodings than UTF-8.</summary>
    public static void UseUnreadRefusal(this WebApplication app) => app.UseWhen(
        context => context.Request.Path.StartsWithSegments("/api"),
        api => api.Use(async (context, next) =>
        {
            if (TooLong(context.Request) is { } name)
                await Problem.BadRequest("value-too-long", $"{name} has more than {LongestValue} characters: {Document}").ExecuteAsync(context);
            else if (MediaTypeHeaderValue.TryParse(context.Request.ContentType, out var type) && type.Charset.HasValue
                && !HeaderUtilities.RemoveQuotes(type.Charset).Equals("utf-8", StringComparison.OrdinalIgnoreCase))
                await Problem.Of(StatusCodes.Status415UnsupportedMediaType, "unsupported-media-type", "The body is not in UTF-8, as JSON is: send application/json without a charset")
                    .ExecuteAsync(context);
            else
                await next(context);
        }));

    /// <summary>Says in words what the framework could not read.</summary>
    public static string Detail(BadHttpRequestException refusal)
    {
        if (refusal.InnerException is JsonException json)
            return $"The body is not the JSON that this path takes{Place(json)}: {Document}";
        if (Unbound().Match(refusal.Message) is { Success: true } unbound)
        {
            var name = JsonNamingPolicy.CamelCase.ConvertName(unbound.Groups["name"].Value);
            return $"{name} ({unbound.Groups["value"].Value}) is not {(unbound.Groups["type"].Value.Contains("bool", StringComparison.Ordinal) ? "true or false" : "a whole number that can be")}: {Document}";
        }
        return Unfilled().IsMatch(refusal.Message) ? $"The body is missing: {Document}" : refusal.Message;
    }

    private static string? TooLong(HttpRequest request) =>
        request.Path.Value!.Split('/').Any(part => part.Length > LongestValue) ? "The path"
        : request.Query.FirstOrDefault(each => each.Key.Length > LongestValue || each.Value.Any(value => value?.Length > LongestValue)) is { Key: { } key }
            ? key.Length > LongestValue ? "The name of a value" : key
        : null;

    private static string Place(JsonException json) => json.LineNumber is { } line ? $" (at {json.Path}, line {line + 1}, byte {json.BytePositionInLine + 1})" : "";

    [GeneratedRegex("^Failed to bind parameter \"(?<type>\\S+) (?<name>\\w+)\" from \"(?<value>.*)\"[.]$", RegexOptions.Singleline)]
    private static partial Regex Unbound();

    [GeneratedRegex("^(Implicit body inferred for parameter|Required parameter) ")]
    private static partial Regex Unfilled();
}
