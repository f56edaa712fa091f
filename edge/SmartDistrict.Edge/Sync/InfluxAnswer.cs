using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace SmartDistrict.Edge.Sync;

/// <summary>
/// What an answer of InfluxDB (1.x, 2.x, 3.x or a service that speaks like it) means for the lines sent. Measured on 1.6.7:
/// a 400 has stored the good lines whatever its <c>dropped=</c> says, and a missing retention policy is a 500.
/// </summary>
internal static class InfluxAnswer
{
    public static WriteOutcome Read(HttpResponseMessage response, string body, SyncOptions options, DateTimeOffset now)
    {
        var status = (int)response.StatusCode;
        var told = Told(response, body);
        var reason = $"{status} {(told.Length > 0 ? told : response.ReasonPhrase)}";
        switch (response.StatusCode)
        {
            case HttpStatusCode.NoContent:
                return new(WriteResult.Accepted);
            case >= HttpStatusCode.OK and < HttpStatusCode.MultipleChoices:
                return IsPage(response)
                    ? Held($"{status} with a web page: this is not a time series store", WrongUrl(options))
                    : new(WriteResult.Accepted);
            case HttpStatusCode.RequestEntityTooLarge:
                return new(WriteResult.TooLarge, reason, "the store's limit for one request is below one line: raise it (InfluxDB 1.x: max-body-size)");
            case HttpStatusCode.BadRequest or HttpStatusCode.UnprocessableEntity:
                // A proxy that takes http for https answers 400 to everything: only the store itself may condemn a line.
                return told.Length > 0
                    ? new(WriteResult.Rejected, reason, MendOfLine(told))
                    : Held(reason + ": not an answer of a time series store", WrongUrl(options));
            case HttpStatusCode.Unauthorized:
                return Held(reason, options.Api == SyncApi.V1
                    ? options.User is null
                        ? "the store wants a user: set Sync:User and Sync:PasswordFile"
                        : $"the store does not know user {options.User} with the password in {options.PasswordFile}: correct either; the file is read again at each attempt"
                    : options.TokenFile is null
                        ? "the store wants a token: set Sync:TokenFile"
                        : $"the store does not accept the token in {options.TokenFile}: correct it; the file is read again at each attempt");
            case HttpStatusCode.Forbidden:
                return Held(reason, options.Api == SyncApi.V1
                    ? $"user {options.User} may not write to database {options.Database}: GRANT WRITE on it, or correct Sync:User"
                    : $"the token may not write to bucket {options.Bucket}, or not these lines: give it that right, or correct Sync:TokenFile");
            case HttpStatusCode.NotFound:
                return Held(reason, told.Length == 0
                    ? WrongUrl(options)
                    : options.Api == SyncApi.V1
                        ? $"create database {options.Database} in the store, or correct Sync:Database"
                        : $"create bucket {options.Bucket} in organisation {options.Org}, or correct Sync:Bucket and Sync:Org");
            case HttpStatusCode.InternalServerError when told.Contains("retention policy not found", StringComparison.Ordinal):
                return Held(reason, options.RetentionPolicy is null
                    ? $"database {options.Database} has no default retention policy: make one"
                    : $"create retention policy {options.RetentionPolicy} in database {options.Database}, or correct Sync:RetentionPolicy");
            case HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable:
                return new(WriteResult.Unavailable, reason, "", RetryAfter(response.Headers.RetryAfter, now));
            case HttpStatusCode.RequestTimeout or >= HttpStatusCode.InternalServerError:
                return new(WriteResult.Unavailable, reason, "", RetryAfter(response.Headers.RetryAfter, now), Ambiguous: true);
            default:
                return Held(response.Headers.Location is { } location ? $"{reason}: it points to {location.GetLeftPart(UriPartial.Path)}" : reason, WrongUrl(options));
        }
    }

    private static WriteOutcome Held(string reason, string mend) => new(WriteResult.Held, reason, mend);

    private static string WrongUrl(SyncOptions options) =>
        options.Api == SyncApi.V1
            ? "correct Sync:Url: the root below which the store answers /write (scheme, host, port, path)"
            : "correct Sync:Url: the root below which the store answers /api/v2/write (scheme, host, port, path); InfluxDB before 1.8 wants Sync:Api V1";

    private static string MendOfLine(string told) =>
        told.Contains("field type conflict", StringComparison.Ordinal)
            ? "the store holds this field as another type, from another writer: drop that field's data there, or write to a database of our own"
            : told.Contains("retention policy", StringComparison.Ordinal)
                ? "the point is older than the store keeps, or the clock that stamped it was wrong: nothing to do, or lengthen the retention"
                : "report the line with this reason: a gateway should not write it";

    /// <summary>
    /// The store's own words: <c>error</c> of 1.x and 3.x, <c>message</c> of 2.x, <c>detail</c> of problem+json, or the
    /// header of 1.x. Empty where something else answered.
    /// </summary>
    private static string Told(HttpResponseMessage response, string body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            if (document.RootElement.ValueKind == JsonValueKind.Object)
                foreach (var name in (ReadOnlySpan<string>)["error", "message", "detail", "title"])
                    if (document.RootElement.TryGetProperty(name, out var text) && text.ValueKind == JsonValueKind.String && text.GetString() is { Length: > 0 } told)
                        return told;
        }
        catch (JsonException)
        {
        }
        return response.Headers.TryGetValues("X-Influxdb-Error", out var values) ? string.Join(' ', values) : "";
    }

    private static bool IsPage(HttpResponseMessage response) =>
        response.Content.Headers.ContentType?.MediaType?.Contains("html", StringComparison.OrdinalIgnoreCase) == true;

    private static TimeSpan? RetryAfter(RetryConditionHeaderValue? header, DateTimeOffset now)
    {
        var wait = header?.Delta ?? (header?.Date is { } date ? date - now : null);
        return wait > TimeSpan.Zero ? wait : null;
    }
}
